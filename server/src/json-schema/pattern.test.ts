import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { PATTERN_INSTRUCTIONS_MAX } from "./limits.ts";
import { type Pattern, readPattern } from "./pattern.ts";
import { startRun } from "./run.ts";

function read(source: string): Pattern {
  const pattern = readPattern(source, PATTERN_INSTRUCTIONS_MAX);
  assert.ok(typeof pattern !== "string", `${source}: ${String(pattern)}`);
  return pattern;
}

function whyNot(source: string): string {
  const pattern = readPattern(source, PATTERN_INSTRUCTIONS_MAX);
  assert.ok(typeof pattern === "string", source);
  return pattern;
}

/** What a schema's patterns are mostly made of. */
const sources = fc.letrec<{ pattern: string }>((tie) => {
  const atom = fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      "a",
      "b",
      "é",
      "😀",
      "-",
      "_",
      "\\.",
      "\\/",
      "\\-".slice(1),
      ".",
      "\\d",
      "\\D",
      "\\w",
      "\\W",
    ),
    fc.constantFrom(
      "\\s",
      "\\S",
      "\\t",
      "\\n",
      "\\u0041",
      "\\u{1f600}",
      "\\x41",
      "\\p{L}",
      "\\P{Lu}",
      "\\p{Nd}",
    ),
    fc.constantFrom(
      "[a-c]",
      "[^a-c]",
      "[\\s\\d]",
      "[^\\s]",
      "[[:alpha:]",
      "[\\]x-]",
      "[\\p{L}_]",
      "[é😀]",
      "[.]",
    ),
    tie("pattern").map((inner) => `(${inner})`),
    tie("pattern").map((inner) => `(?:${inner})`),
    tie("pattern").map((inner) => `(?<name>${inner.replaceAll("?<name>", "?:")})`),
  );
  const repeated = fc
    .tuple(atom, fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}", "{0,}", "*?", "+?", "{2,}?"))
    .map(([one, times]) => one + times);
  const sequence = fc.array(repeated, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  return {
    pattern: fc.oneof(
      sequence,
      sequence.map((inner) => `^${inner}`),
      sequence.map((inner) => `^${inner}$`),
      fc.tuple(sequence, sequence).map(([one, other]) => `${one}|${other}`),
    ),
  };
}).pattern;

const texts = fc
  .array(
    fc.constantFrom(
      "a",
      "b",
      "c",
      "A",
      "é",
      "😀",
      "1",
      "-",
      "_",
      ".",
      "/",
      ":",
      " ",
      "\n",
      "\r",
      "\u00a0",
      "\u2028",
      "\v",
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe("readPattern()", () => {
  test("finds what ECMA-262 finds", () => {
    fc.assert(
      fc.property(sources, fc.array(texts, { minLength: 1, maxLength: 8 }), (source, candidates) => {
        const names = source.split("?<name>").length - 1;
        fc.pre(names < 2);
        const [ours, theirs] = [read(source), new RegExp(source, "u")];
        for (const text of candidates) {
          assert.equal(
            ours.isIn(text, startRun({ isQuiet: true })),
            theirs.test(text),
            JSON.stringify([source, text]),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a pattern that would backtrack for ages is answered at once", () => {
    const evil = [
      "^(a+)+$",
      "^(a|a)*$",
      "^(a|aa)+$",
      "^(a*)*$",
      "(.*a){11}$",
      "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}$",
      "(x+x+)+y",
      "^(?:a?){30}a{30}b$",
      "\\s+$",
      "a+b",
      "^.*=.*=.*=.*$",
    ];
    const text = `${"a".repeat(20_000)}!`;
    for (const source of evil) {
      const pattern = readPattern(source, PATTERN_INSTRUCTIONS_MAX);
      if (typeof pattern !== "string") {
        assert.equal(pattern.isIn(text, startRun({ isQuiet: true })), false, source);
      } else {
        assert.match(pattern, /ECMA-262/, source);
      }
    }
  });

  test("each character costs at most what the pattern has of instructions, and no more than there is", () => {
    const pattern = read("^[a-c]{100}$");
    const run = startRun({ isQuiet: true });
    const before = run.workLeft;
    pattern.isIn("a".repeat(100), run);
    assert.equal(before - run.workLeft, 1 + 100 * pattern.instructions);
    run.workLeft = 1;
    assert.equal(pattern.isIn("a".repeat(100), run), false);
  });

  test("refuses what no automaton can find, with the reason", () => {
    for (const source of ["(?=a)b", "(?!a)b", "(?<=a)b", "(a)\\1", "(?<n>a)\\k<n>", "\\p{Letter}"]) {
      assert.match(whyNot(source), /linear time/, source);
    }
    for (const source of ["(", "[b-a]", "a{2,1}", "\\-", "(?i)a", "\\Aa\\z", "(?P<n>a)", "*", "\\q"]) {
      assert.match(whyNot(source), /be a regular expression/, source);
    }
    assert.match(whyNot("a".repeat(513)), /at most 512 characters/);
  });

  test("refuses large patterns before it compiles them, however their repetitions are nested", () => {
    for (const source of [
      "[\\p{L}]{1,1000}[\\p{L}]{1,1000}",
      "(a{1000}){1000}",
      "(((a{10}){10}){10}){10}",
      "((ab){20}|[c-f]{30}){20}",
      "(a{500}b){2,}(c{400})",
    ]) {
      assert.match(whyNot(source), /at most 1000 instructions/, source);
    }
    assert.ok(read("(a{10}b){20}").instructions < 1_000);
    assert.match(String(readPattern("a{50}", 40)), /with all patterns of the schema/);
  });
});
