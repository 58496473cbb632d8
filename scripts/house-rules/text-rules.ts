import type { Source, SourceComment } from "./source.ts";
import { type Finding, isTest, lineAt, type Tree } from "./tree.ts";

/** A title of fewer words cannot say what holds. */
const TEST_NAME_WORDS_MIN = 3;

/** Ways to read the clock, chance or the world that the engine is given as arguments instead. */
const AMBIENT: readonly RegExp[] = [
  /\bDate\.now\b/g,
  /\bnew Date\(\s*\)/g,
  /\bMath\.random\b/g,
  /\bperformance\.now\b/g,
  /(?<![.\w])(setTimeout|setInterval|setImmediate|queueMicrotask|globalThis|process|fetch|crypto)\b(?!\??:)/g,
];

/** Judges comments, tests and what the engine says. */
export function checkTexts(tree: Tree, sources: readonly Source[]): readonly Finding[] {
  return [
    ...sources.flatMap(checkSyntax),
    ...sources.flatMap(checkComments),
    ...sources.flatMap(checkTests),
    ...sources.flatMap(checkEngine),
    ...[...tree.texts].flatMap(([path, text]) => checkMachinePaths(path, text)),
  ];
}

function checkSyntax({ path, error }: Source): readonly Finding[] {
  return error === undefined ? [] : [{ rule: "syntax", path, says: error }];
}

interface CommentRule {
  readonly rule: string;
  readonly isBroken: (comment: SourceComment) => boolean;
  readonly says: string;
}

const COMMENT_RULES: readonly CommentRule[] = [
  {
    rule: "comment-todo",
    isBroken: ({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text),
    says: "do it, or open an issue",
  },
  {
    rule: "comment-banner",
    isBroken: ({ text }) => text.split("\n").some(isBanner),
    says: "a heading inside a file; split the file, or leave the heading out",
  },
  { rule: "comment-code", isBroken: isCode, says: "code that is commented out; git keeps what was" },
  {
    rule: "silenced-why",
    isBroken: ({ text }) => isSilencer(text.trim()),
    says: "a comment that silences a tool names one rule and says why",
  },
];

function checkComments({ path, comments }: Source): readonly Finding[] {
  const lost = {
    rule: "comment-lost",
    says: "says what nothing below it is: another comment follows at once",
  };
  return comments.flatMap((comment, index) => [
    ...COMMENT_RULES.filter(({ isBroken }) => isBroken(comment)).map(({ rule, says }) => ({
      rule,
      path,
      line: comment.line,
      says,
    })),
    ...(isLost(comment, comments[index + 1]) ? [{ ...lost, path, line: comment.line }] : []),
  ]);
}

/** Tells whether a comment on what follows it is followed by another one: its own was moved away. */
function isLost(comment: SourceComment, next: SourceComment | undefined): boolean {
  const endLine = comment.line + comment.text.split("\n").length - 1;
  return isOfNext(comment) && next !== undefined && isOfNext(next) && next.line === endLine + 1;
}

function isOfNext({ kind, text }: SourceComment): boolean {
  return kind === "block" && text.startsWith("*");
}

/** A line of a comment that begins with a drawn rule. Arrows and tables in a picture begin otherwise. */
function isBanner(line: string): boolean {
  return /^\s*\*?\s*([=*#~_-])\1{3,}(\s|\1|$)/.test(line);
}

function isCode({ kind, text }: SourceComment): boolean {
  const statement = /^\s*((const|let|import|export|return|await|throw)\s.*;|(if|for|while) \(.*[{;])\s*$/;
  const ending = /^\s*[}\])]+[;,]?\s*$/;
  return kind === "line" && (statement.test(text) || ending.test(text));
}

/** Tells whether a comment silences a tool without the reason, in the form that the tool has for it. */
function isSilencer(text: string): boolean {
  if (!/^(oxlint-disable|eslint-disable|biome-ignore|@ts-(expect-error|ignore|nocheck))/.test(text))
    return false;
  return !(
    /^oxlint-disable(-next-line|-line)? [\w/-]+(, [\w/-]+)* -- \S+ \S+/.test(text) ||
    /^biome-ignore [\w/]+: \S+ \S+/.test(text) ||
    /^@ts-expect-error:? \S+ \S+/.test(text)
  );
}

function checkTests({ path, code, imports, tests }: Source): readonly Finding[] {
  if (!isTest(path)) return [];
  const says = "a test waits for a signal or moves a clock of its own, never for time to pass";
  const sleeps = [...code.matchAll(/\bnew Promise\b[^;]{0,80}?\bsetTimeout\(/g)].map(({ index }) => index);
  return [
    ...sleeps.map((position) => ({ rule: "test-sleep", path, line: lineAt(code, position), says })),
    ...imports
      .filter(({ specifier }) => specifier === "node:timers/promises")
      .map(({ line }) => ({ rule: "test-sleep", path, line, says })),
    ...tests
      .filter(({ name }) => name.trim().split(/\s+/).length < TEST_NAME_WORDS_MIN)
      .map(({ name, line }) => ({
        rule: "test-name",
        path,
        line,
        says: `a test's name is a sentence that can be false, got "${name}"`,
      })),
  ];
}

function checkEngine({ path, code }: Source): readonly Finding[] {
  if (!path.startsWith("server/src/engine/") || isTest(path)) return [];
  return AMBIENT.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      rule: "engine-ambient",
      path,
      line: lineAt(code, match.index),
      says: `the engine is given time, chance and the world; "${match[0]}" takes them`,
    })),
  );
}

// In parts, so that this file does not break its own rule.
const MACHINE_PATH = new RegExp(
  `(?<![\\w.:/~@-])(/(${["home", "root", "work", "Users"].join("|")})/|[A-Z]:\\\\Users)[\\w.]`,
  "g",
);

function checkMachinePaths(path: string, text: string): readonly Finding[] {
  return [...text.matchAll(MACHINE_PATH)].map((match) => ({
    rule: "machine-path",
    path,
    line: lineAt(text, match.index),
    says: `a path of one machine, "${match[0]}…"; write it from the repository's root`,
  }));
}
