import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A small program that shows how some symbols of the client are used. */
export interface Example {
  /** Of its file, without an ending. */
  readonly name: string;
  readonly title: string;
  /** What it is the example of. */
  readonly symbols: readonly string[];
  /** The program as it is, below its title and what it is for. */
  readonly program: string;
  /** The same as it is shown beside a symbol: without what all examples begin with. */
  readonly code: string;
}

export const EXAMPLES_FOLDER = fileURLToPath(new URL("../../examples/client", import.meta.url));
/** What all examples begin with. */
export const BEGINNING = "posthorn.ts";
const LINES_MAX = 12;

/** Reads the examples of the client, in the order of their names. */
export function readExamples(): readonly Example[] {
  return globSync("*.ts", { cwd: EXAMPLES_FOLDER })
    .filter((file) => file !== BEGINNING)
    .toSorted()
    .map((file) => exampleOf(basename(file, ".ts"), readFileSync(join(EXAMPLES_FOLDER, file), "utf8")));
}

/** Parts a file into its title, the symbols it is for, and the program, which must name each of them. */
export function exampleOf(name: string, text: string): Example {
  const [, comment = "", program = ""] = /^\/\*\*([\s\S]*?)\*\/\n([\s\S]*)$/.exec(text) ?? [];
  const said = comment.replaceAll(/\s*\n \*/g, "").trim();
  const [, title, list] = /^(.*)\. For (\w+(?:, \w+)*)\.$/.exec(said) ?? [];
  if (title === undefined || list === undefined) {
    throw new Error(`${name} must begin with a comment of a title and "For symbol, symbol.", got "${said}"`);
  }
  const symbols = list.split(", ");
  const code = program.replace(/^import \{.*\} from "\.\/posthorn\.ts";\n/m, "").trimStart();
  const unused = symbols.filter(
    (symbol) => /^[a-z]/.test(symbol) && !new RegExp(`\\b${symbol}\\b`).test(code),
  );
  if (unused.length > 0) {
    throw new Error(`${name} must call what it is for, and has no ${unused.join(", ")}`);
  }
  const lines = code.split("\n").filter((line) => line !== "" && !/^(import|\s*\/\/)/.test(line));
  if (lines.length > LINES_MAX) {
    throw new Error(`${name} must have at most ${LINES_MAX} lines, got ${lines.length}`);
  }
  return { name, title, symbols, program, code };
}

/** Finds the example that a symbol has in its comment: the one that has it first among its own, or any. */
export function exampleFor(symbol: string, examples: readonly Example[]): Example | undefined {
  const having = examples.filter(({ symbols }) => symbols.includes(symbol));
  return having.find(({ symbols }) => symbols[0] === symbol) ?? having[0];
}

/**
 * Puts examples into the comments of the symbols of a source, in place of those that are there: at each of
 * them, or once, where the others refer to that one.
 */
export function withExamples(
  source: string,
  examples: readonly Example[],
  { isRepeated }: { readonly isRepeated: boolean },
): string {
  const declared = new Set([...source.matchAll(DECLARED)].map(([, , , , name = ""]) => name));
  const seen = new Set<string>();
  return source.replaceAll(DECLARED, (whole, indent: string, ...groups: readonly string[]) => {
    const [comment = "", declaration = "", name = ""] = groups;
    const example = exampleFor(name, examples);
    if (example === undefined || seen.has(name)) {
      return whole;
    }
    seen.add(name);
    const place = example.symbols.find((symbol) => declared.has(symbol)) ?? name;
    const shown =
      isRepeated || place === name
        ? ["@example", "```ts", ...example.code.trim().split("\n"), "```"]
        : [`@see {@link ${place}}`];
    return `${commentOf(indent, [...textOf(comment), "", ...shown])}\n${declaration}`;
  });
}

/** A comment, and what it is above: something that is exported, or a method of an interface. */
const DECLARED = new RegExp(
  [
    String.raw`(?<=^|\n)( *)(/\*\*(?:(?!\*/)[\s\S])*\*/)\n`,
    String.raw`((?:// .*\n)? *(?:export (?:class|const|function|interface|type) )?(\w+)[\s(<])`,
  ].join(""),
  "g",
);

/** What a comment says before its example. */
function textOf(comment: string): readonly string[] {
  const [text = ""] = comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split(/\n *\* @(?:example|see)\b/);
  return text
    .split("\n")
    .map((line) => line.replace(/^ *\*? ?/, "").trimEnd())
    .filter((line, at, lines) => line !== "" || (at > 0 && at < lines.length - 1));
}

function commentOf(indent: string, lines: readonly string[]): string {
  const body = lines.map((line) => `${indent} *${line === "" ? "" : ` ${line.replaceAll("*/", "*\\/")}`}`);
  return [`${indent}/**`, ...body, `${indent} */`].join("\n");
}
