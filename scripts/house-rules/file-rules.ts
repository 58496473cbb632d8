import type { Source } from "./source.ts";
import { type Finding, isProgram, isRecorded, isTest, type Tree } from "./tree.ts";

/** Budgets, from what reads well in one sitting; CONTRIBUTING.md names them. */
const FILE_LINES_MAX = 400;
const FILE_LINES_P90 = 250;
const FUNCTION_LINES_MAX = 60;
const LINE_LENGTH_MAX = 110;

/** Names that say that something is shared, not what it is. */
const EMPTY_NAMES = new Set([
  "common",
  "helper",
  "helpers",
  "index",
  "interfaces",
  "misc",
  "shared",
  "types",
  "util",
  "utils",
]);

const KEBAB_CASE = /^[a-z0-9]+([.-][a-z0-9]+)*$/;

/** Judges names and sizes. */
export function checkFiles(tree: Tree, sources: readonly Source[]): readonly Finding[] {
  const counts = sources.map((source) => countLines(source.text));
  return [
    ...[...tree.paths].flatMap(checkName),
    ...sources.flatMap(checkSize),
    ...checkSpread(counts),
    ...sources.flatMap(checkLineLengths),
    ...sources.flatMap(checkFunctions),
    ...sources.flatMap(checkBarrel),
  ];
}

function checkName(path: string): readonly Finding[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [stem = ""] = name.split(".");
  const isFolder = !name.includes(".");
  if (!isProgram(path) && !isFolder) return [];
  const findings: Finding[] = [];
  if (EMPTY_NAMES.has(stem)) {
    findings.push({
      rule: "file-name",
      path,
      says: `"${stem}" does not say what is in it; name the one idea`,
    });
  }
  if (isProgram(path) && !KEBAB_CASE.test(name)) {
    findings.push({ rule: "file-name", path, says: `programs are named in kebab-case, got "${name}"` });
  }
  return findings;
}

/** What a program writes, nobody reads from its beginning to its end. */
const WRITTEN = /^\/\*\* Written by scripts\/[\w-]+\.ts /;

function checkSize({ path, text }: Source): readonly Finding[] {
  const lines = countLines(text);
  if (lines <= FILE_LINES_MAX || WRITTEN.test(text)) return [];
  return [{ rule: "file-length", path, says: `a file has at most ${FILE_LINES_MAX} lines, got ${lines}` }];
}

function checkSpread(counts: readonly number[]): readonly Finding[] {
  const sorted = counts.toSorted((a, b) => a - b);
  const p90 = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  if (p90 <= FILE_LINES_P90) return [];
  const says = `nine files in ten have at most ${FILE_LINES_P90} lines, got ${p90}`;
  return [{ rule: "file-length-p90", path: ".", says }];
}

function countLines(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function checkLineLengths({ path, text }: Source): readonly Finding[] {
  if (isRecorded(path)) return [];
  return text.split("\n").flatMap((line, index) => {
    // An address cannot be broken, so it counts as one character.
    const length = line.replaceAll(/https?:\/\/\S+/g, "…").length;
    if (length <= LINE_LENGTH_MAX) return [];
    const says = `a line has at most ${LINE_LENGTH_MAX} characters, got ${length}`;
    return [{ rule: "line-length", path, line: index + 1, says }];
  });
}

function checkFunctions({ path, text, functions }: Source): readonly Finding[] {
  return (WRITTEN.test(text) ? [] : functions)
    .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
    .map(({ name, line, lines }) => ({
      rule: "function-length",
      path,
      line,
      says: `a function has at most ${FUNCTION_LINES_MAX} lines of its own, "${name}" has ${lines}`,
    }));
}

function checkBarrel({ path, isBarrel }: Source): readonly Finding[] {
  if (!isBarrel || isTest(path)) return [];
  return [
    { rule: "barrel", path, says: "a file that only passes exports on; import them where they are made" },
  ];
}
