import { type Comment, type Node, parseSync, visitorKeys } from "oxc-parser";
import { isProgram, lineAt, type Tree } from "./tree.ts";

/** What the rules ask of one program. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /**
   * The text with comments and the insides of strings, templates and patterns blanked out, position for
   * position.
   */
  readonly code: string;
  readonly comments: readonly SourceComment[];
  /** Static, dynamic and type-only imports, and exports from elsewhere. */
  readonly imports: readonly SourceImport[];
  readonly functions: readonly SourceFunction[];
  readonly tests: readonly SourceTest[];
  /** Whether every statement only passes on what another file exports. */
  readonly isBarrel: boolean;
  /** The first syntax error. */
  readonly error: string | undefined;
}

export interface SourceComment {
  readonly kind: "line" | "block";
  readonly text: string;
  readonly line: number;
}

export interface SourceImport {
  /** `undefined` if it is computed when the program runs. */
  readonly specifier: string | undefined;
  readonly line: number;
}

export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  /** Lines with code, without the named functions inside it, which are read and counted by themselves. */
  readonly lines: number;
}

export interface SourceTest {
  readonly name: string;
  readonly line: number;
}

/** Parses every program of a tree. */
export function readSources(tree: Tree): readonly Source[] {
  return [...tree.texts].filter(([path]) => isProgram(path)).map(([path, text]) => readSource(path, text));
}

function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  const nodes = new Map<Node, Node | undefined>();
  collect(program, undefined, nodes);

  const bare = blank(text, comments.map(spanOf));
  const imports: SourceImport[] = [];
  const tests: SourceTest[] = [];
  const literals: Span[] = [];
  for (const [node, parent] of nodes) {
    const line = () => lineAt(text, node.start);
    if (isLiteral(node, parent)) literals.push({ start: node.start + 1, end: node.end - 1 });
    if (node.type === "TemplateElement") literals.push(node);
    const specifier = specifierOf(node);
    if (specifier) imports.push({ specifier: stringOf(specifier), line: line() });
    const name = testName(node);
    if (name !== undefined) tests.push({ name, line: line() });
  }
  return {
    path,
    text,
    code: blank(bare, literals),
    comments: comments.map((comment) => readComment(text, comment)),
    imports,
    functions: readFunctions(bare, nodes),
    tests,
    isBarrel: program.body.length > 0 && program.body.every(isPassedOn),
    error: errors[0]?.message,
  };
}

function readComment(text: string, comment: Comment): SourceComment {
  const kind = comment.type === "Line" ? "line" : "block";
  return { kind, text: comment.value, line: lineAt(text, comment.start) };
}

type Parents = ReadonlyMap<Node, Node | undefined>;

function collect(node: Node, parent: Node | undefined, into: Map<Node, Node | undefined>): void {
  into.set(node, parent);
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) collect(child, node, into);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function specifierOf(node: Node): Node | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source;
    case "ExportNamedDeclaration":
      return node.source ?? undefined;
    default:
      return undefined;
  }
}

function isPassedOn(node: Node): boolean {
  return (
    node.type === "ExportAllDeclaration" || (node.type === "ExportNamedDeclaration" && node.source !== null)
  );
}

function isLiteral(node: Node, parent: Node | undefined): boolean {
  if (node.type !== "Literal" || parent?.type === "JSXAttribute") return false;
  return typeof node.value === "string" || "regex" in node;
}

function stringOf(node: Node | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  return undefined;
}

function testName(node: Node): string | undefined {
  const isTestCall = calls(node, ["test", "it"]);
  return isTestCall && node.type === "CallExpression" ? stringOf(node.arguments[0]) : undefined;
}

function calls(node: Node | undefined, names: readonly string[]): boolean {
  return (
    node?.type === "CallExpression" && node.callee.type === "Identifier" && names.includes(node.callee.name)
  );
}

function readFunctions(bare: string, nodes: Parents): readonly SourceFunction[] {
  const named = new Map<Node, string>();
  for (const [node, parent] of nodes) {
    const name = isFunction(node) ? functionName(node, parent) : undefined;
    if (name !== undefined) named.set(node, name);
  }
  const counted = new Map<Node, { name: string; lines: number }>();
  for (const [node, name] of named) counted.set(node, { name, lines: codeLines(bare, node) });
  for (const node of named.keys()) {
    const outer = enclosing(node, nodes, named);
    const count = outer && counted.get(outer);
    // The line on which the inner one begins stays with the outer one.
    if (count) count.lines -= codeLines(bare, node) - 1;
  }
  return (
    [...counted]
      // A group of tests is a list, not a function that somebody has to follow.
      .filter(([node]) => !calls(nodes.get(node), ["describe", "suite"]))
      .map(([node, { name, lines }]) => ({ name, lines, line: lineAt(bare, node.start) }))
  );
}

function isFunction(node: Node): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

function enclosing(node: Node, nodes: Parents, among: ReadonlyMap<Node, unknown>): Node | undefined {
  let outer = nodes.get(node);
  while (outer && !among.has(outer)) outer = nodes.get(outer);
  return outer;
}

/** Names a function after what holds it; a test's after its title. A callback in passing has no name. */
function functionName(node: Node, parent: Node | undefined): string | undefined {
  if ("id" in node && node.id && "name" in node.id) return node.id.name;
  if (!parent) return undefined;
  if (parent.type === "VariableDeclarator") return parent.id.type === "Identifier" ? parent.id.name : "…";
  if (
    parent.type === "Property" ||
    parent.type === "MethodDefinition" ||
    parent.type === "PropertyDefinition"
  ) {
    return parent.key.type === "Identifier" || parent.key.type === "PrivateIdentifier"
      ? parent.key.name
      : "…";
  }
  if (parent.type === "CallExpression" && calls(parent, ["test", "it", "describe", "suite"])) {
    return stringOf(parent.arguments[0]) ?? "…";
  }
  return undefined;
}

function codeLines(bare: string, node: Span): number {
  return bare
    .slice(node.start, node.end)
    .split("\n")
    .filter((line) => line.trim() !== "").length;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** Replaces spans of a text by spaces; lines stay lines. */
function blank(text: string, spans: readonly Span[]): string {
  let blanked = "";
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    blanked += text.slice(at, start) + text.slice(start, end).replaceAll(/[^\n]/g, " ");
    at = end;
  }
  return blanked + text.slice(at);
}
