import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  indentOf,
  type JsonPage,
  LINE_CHARACTERS_MAX,
  lineAt,
  openerOf,
  pageOf,
  shownLines,
  tokensOf,
} from "./json-page.ts";
import { matchesIn, segmentsOf } from "./json-search.ts";
import { laidOut } from "./json-text.ts";

const lineText = (page: JsonPage, line: number) =>
  tokensOf(page, line)
    .map(({ text }) => text)
    .join("");
const linesOf = (page: JsonPage) =>
  page.starts.map((_, line) => (page.isJson ? indentOf(page, line) : "") + lineText(page, line));

describe("pageOf()", () => {
  test("pageOf() lays JSON out as it is laid out anywhere, whatever its spaces are", () => {
    const cases = fc.record({ value: fc.jsonValue(), space: fc.constantFrom(0, 1, "\t") });
    fc.assert(
      fc.property(cases, ({ value, space }) => {
        const text = JSON.stringify(value, undefined, space);
        const page = pageOf(text, { lineCharactersMax: Number.POSITIVE_INFINITY });
        const wanted = laidOut(text).map((token) => token.text);
        assert.ok(page.isJson);
        assert.equal(linesOf(page).join("\n"), wanted.join(""));
        const kinds = (tokens: readonly { readonly kind: string; readonly text: string }[]) =>
          tokens.filter(({ kind }) => kind !== "space").map((token) => `${token.kind} ${token.text}`);
        assert.deepEqual(kinds(page.starts.flatMap((_, line) => tokensOf(page, line))), kinds(laidOut(text)));
      }),
    );
  });

  test("pageOf() loses no character, breaks none, and makes no line longer than one is shown", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "😀", "\\", '"', "\n", "{"),
      minLength: 300,
      maxLength: 800,
    });
    fc.assert(
      fc.property(text, fc.boolean(), (long, isRaw) => {
        const source = isRaw ? long : JSON.stringify({ long, n: [1, long] });
        const page = pageOf(source, { isRaw });
        const lines = page.starts.map((_, line) => lineText(page, line));
        assert.ok(lines.every((line) => line.length <= LINE_CHARACTERS_MAX + 1 && line.isWellFormed()));
        const wanted = isRaw ? source.replaceAll("\n", "") : source;
        assert.equal(lines.join("").replaceAll('": ', '":'), wanted.replaceAll('": ', '":'));
      }),
    );
  });

  test("pageOf() keeps the lines of what is no JSON", () => {
    for (const text of ['{"a": nul}', '{"a', "<b>\nno</b>", "", '"a\nb"', "{} x", "tru", "1a", '"']) {
      const page = pageOf(text);
      assert.equal(page.isJson, false, text);
      assert.equal(linesOf(page).join("\n"), text);
    }
  });

  test("a megabyte is laid out in lines that are no copies, however it nests", () => {
    const texts = ["[".repeat(520_000) + "]".repeat(520_000), `[${"1,".repeat(520_000)}1]`];
    for (const text of texts) {
      const page = pageOf(text);
      assert.ok(page.isJson);
      assert.ok(page.starts.length > 500_000);
      assert.ok(indentOf(page, 300_000).length <= 80);
      assert.ok(lineText(page, 300_000).length <= 2);
    }
    assert.ok(pageOf(JSON.stringify("x".repeat(1_000_000))).starts.length < 7000);
  });
});

describe("the lines of a page", () => {
  const page = pageOf('{"a":{"b":[1,2],"c":{}},"d":3}');

  test("shownLines() leaves out what folded lines open", () => {
    assert.equal(shownLines(page, new Set()), undefined);
    const shown = (...folded: number[]) =>
      shownLines(page, new Set(folded))?.map((line) => linesOf(page)[line]?.trim());
    assert.deepEqual(shown(2), ["{", '"a": {', '"b": [', '"c": {}', "},", '"d": 3', "}"]);
    assert.deepEqual(shown(1, 2), ["{", '"a": {', '"d": 3', "}"]);
    assert.deepEqual(shown(0), ["{"]);
  });

  test("lineAt() and openerOf() find the line of a place, and what it stands in", () => {
    page.starts.forEach((start, line) => assert.equal(lineAt(page, start), line));
    const two = lineAt(page, page.text.indexOf("2"));
    assert.equal(linesOf(page)[two]?.trim(), "2");
    assert.deepEqual([openerOf(page, two), openerOf(page, 1), openerOf(page, 0)], [2, 0, undefined]);
  });
});

describe("matchesIn()", () => {
  test("matchesIn() finds what stands there, small or large, laid out or not", () => {
    const text = '{"Id":42,"note":"a+b  c"}';
    const found = (wanted: string) => matchesIn(text, wanted).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(found('"id": 42'), ['"Id":42']);
    assert.deepEqual(found("A+B C"), ["a+b  c"]);
    assert.deepEqual(found("  "), []);
    assert.deepEqual(found(".*"), []);
    assert.equal(matchesIn("a".repeat(50_000), "a").length, 10_000);
  });

  test("segmentsOf() cuts the words of a line at the matches and loses nothing", () => {
    const text = '{"a":"banana","b":[1,"an"]}';
    const page = pageOf(text);
    fc.assert(
      fc.property(fc.constantFrom("an", "a", '"', 'a","b', "1", "zzz", "banana"), (wanted) => {
        const matches = matchesIn(text, wanted);
        const segments = page.starts.flatMap((_, line) => segmentsOf(tokensOf(page, line), matches));
        const all = segments.filter(({ start }) => start >= 0);
        assert.equal(all.map((one) => one.text).join(""), text);
        const marked = all.filter(({ match }) => match !== undefined).map((one) => one.text);
        assert.equal(marked.join(""), matches.map(({ start, end }) => text.slice(start, end)).join(""));
      }),
    );
  });
});
