import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Item, JSON_DEPTH_MAX, sliceItems, sliceLines, sliceValue, textOf } from "./json-slice.ts";
import { Problem } from "./problem.ts";

function onlyItem(text: string): Item {
  const { items } = sliceItems(Buffer.from(text), 10);
  assert.equal(items.length, 1);
  const [item] = items;
  assert.ok(item);
  return item;
}

function memberText(text: string, name: string): string {
  const slice = onlyItem(text).members?.get(name);
  assert.ok(slice, `${name} is there`);
  return Buffer.from(text).toString("utf8", slice.start, slice.end);
}

function isRefused(text: string | Buffer): boolean {
  try {
    sliceItems(Buffer.from(text), 1_000_000);
    return false;
  } catch (error) {
    assert.ok(error instanceof Problem && error.code === "invalid_json", String(error));
    return true;
  }
}

function doesParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with white space in odd places, and numbers that no JavaScript number holds. */
const jsonText: fc.Arbitrary<string> = fc
  .letrec<{ value: string; space: string }>((tie) => {
    const around = (inner: fc.Arbitrary<string>) =>
      fc.tuple(tie("space"), inner, tie("space")).map((parts) => parts.join(""));
    const member = fc
      .tuple(around(fc.json({ maxDepth: 0 }).map((text) => JSON.stringify(text))), tie("value"))
      .map(([name, value]) => `${name}:${value}`);
    return {
      space: fc.constantFrom("", "", "", " ", "\n\t", "\r\n  "),
      value: around(
        fc.oneof(
          { depthSize: "small", withCrossShrink: true },
          fc.constantFrom(
            "1.0",
            "-0",
            "1e400",
            "12345678901234567890",
            "null",
            "true",
            "false",
            '""',
            "[]",
            "{}",
          ),
          fc.json({ maxDepth: 1 }),
          fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
          fc.constantFrom('"\\u0000"', '"\\ud800"', '"\\"\\\\"', '"\u2028"', '"}]{["'),
          fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
          fc.array(member, { maxLength: 4 }).map((members) => `{${members.join(",")}}`),
        ),
      ),
    };
  })
  .value.filter((text) => text.length < 5000);

describe("sliceItems()", () => {
  test("sliceItems() keeps white space, 1.0 and integers of 20 digits as they were sent", () => {
    const text = ' { "data" : { "a" : 1.0 , "b":12345678901234567890 } , "type":"x" } ';
    assert.equal(memberText(text, "data"), '{ "a" : 1.0 , "b":12345678901234567890 }');
    assert.equal(memberText(text, "type"), '"x"');
  });

  test("sliceItems() finds a member whose name is spelled with escapes", () => {
    assert.equal(memberText('{"d\\u0061ta":[1, 2]}', "data"), "[1, 2]");
  });

  test("sliceItems() names a member that stands twice, however it is spelled", () => {
    assert.equal(onlyItem('{"type":1,"t\\u0079pe":2}').repeated, "type");
    assert.equal(onlyItem('{"data":{"a":1,"a":2}}').repeated, undefined);
    assert.equal(onlyItem('{"__proto__":1}').members?.has("__proto__"), true);
  });

  test("sliceItems() takes the elements of an array as items and stops after as many as asked for", () => {
    const text = '[{"a":1}, 2 ,[3]]';
    const { isList, items, isCut } = sliceItems(Buffer.from(text), 10);
    assert.equal(isList, true);
    assert.equal(isCut, false);
    assert.deepEqual(
      items.map(({ start, end }) => text.slice(start, end)),
      ['{"a":1}', "2", "[3]"],
    );
    assert.deepEqual(
      items.map(({ members }) => members?.size),
      [1, undefined, undefined],
    );
    assert.equal(sliceItems(Buffer.from(text), 2).isCut, true);
    assert.equal(sliceItems(Buffer.from(text), 2).items.length, 2);
    assert.deepEqual(sliceItems(Buffer.from(" [ ] "), 2), { isList: true, items: [], isCut: false });
  });

  test("sliceItems() gives slices that parse to what the whole parses to", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const bytes = Buffer.from(text);
        const { isList, items } = sliceItems(bytes, 1_000_000);
        const whole: unknown = JSON.parse(text);
        assert.equal(isList, Array.isArray(whole));
        const values: readonly unknown[] = Array.isArray(whole) ? whole : [whole];
        assert.equal(items.length, values.length);
        for (const [index, item] of items.entries()) {
          const value = values[index];
          assert.deepEqual(JSON.parse(bytes.toString("utf8", item.start, item.end)), value);
          const members = Object.fromEntries(
            [...(item.members ?? [])].map(([name, slice]) => [
              name,
              JSON.parse(bytes.toString("utf8", slice.start, slice.end)),
            ]),
          );
          const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
          assert.deepEqual(members, isObject ? value : {});
        }
      }),
      { numRuns: 500 },
    );
  });

  test("sliceItems() refuses exactly what JSON.parse refuses, also after a change of one character", () => {
    const odd = fc.constantFrom(
      ..."{}[]\",:\\ \n\t\u0000\u001f0123456789+-.eEtfnu'/xé\u2028\u00a0\ufeff".split(""),
    );
    const change = fc.tuple(fc.nat(), fc.nat({ max: 2 }), odd);
    fc.assert(
      fc.property(jsonText, fc.array(change, { maxLength: 2 }), (text, changes) => {
        let changed = text;
        for (const [where, removed, added] of changes) {
          const at = where % (changed.length + 1);
          changed = changed.slice(0, at) + added + changed.slice(at + removed);
        }
        changed = changed.toWellFormed();
        // JSON.parse reads a byte order mark as an error too; both refuse it.
        assert.equal(isRefused(changed), !doesParse(changed), JSON.stringify(changed));
      }),
      { numRuns: 3000 },
    );
  });

  test("sliceItems() refuses what no JSON is", () => {
    const texts = [
      "",
      " ",
      "{",
      "[",
      '"',
      "{]",
      "[}",
      "[1,]",
      '{"a":1,}',
      "{,}",
      "[,]",
      '{"a"}',
      "{1:2}",
      "01",
      "1.",
    ];
    texts.push(
      "-",
      "+1",
      ".5",
      "1e",
      "1e+",
      "tru",
      "nulll",
      '"\\x"',
      '"\\u12"',
      '"\\u12g4"',
      "NaN",
      "'a'",
      "1 2",
    );
    texts.push(
      '"\n"',
      '"\u0000"',
      '{"a":1 "b":2}',
      "[1 2]",
      "[1]]",
      "{}}",
      '{"a":1}x',
      "//",
      "\u00a01",
      "[1,,2]",
    );
    for (const text of texts) {
      assert.equal(doesParse(text), false, text);
      assert.equal(isRefused(text), true, text);
    }
  });

  test("sliceItems() refuses what is not UTF-8, and a byte order mark", () => {
    assert.equal(isRefused(Buffer.from([0x22, 0xff, 0x22])), true);
    assert.equal(isRefused(Buffer.from('"\ud83d\ude00"', "utf16le")), true);
    // A surrogate, and an overlong slash, as UTF-8 must not spell them.
    assert.equal(isRefused(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), true);
    assert.equal(isRefused(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), true);
    assert.equal(isRefused(Buffer.from('\ufeff{"a":1}')), true);
  });

  test("sliceItems() takes nesting up to its limit and refuses one level more", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    assert.equal(isRefused(nested(JSON_DEPTH_MAX)), false);
    assert.equal(isRefused(nested(JSON_DEPTH_MAX + 1)), true);
    assert.equal(isRefused(`{"data":${nested(JSON_DEPTH_MAX - 1)}}`), false);
    assert.equal(isRefused(`{"data":${nested(JSON_DEPTH_MAX)}}`), true);
    assert.equal(isRefused("[".repeat(1_000_000)), true);
    assert.equal(isRefused('{"a":'.repeat(100_000)), true);
  });

  test("sliceItems() names a place and never the text", () => {
    assert.throws(() => sliceItems(Buffer.from('{"passport":"X1234567" "b"}'), 1), {
      detail: 'The JSON cannot be read: expected "," at byte 23.',
    });
  });
});

describe("sliceLines()", () => {
  test("sliceLines() gives one item a line, whatever ends it, and leaves empty lines out", () => {
    const text = '{"a":1}\r\n\n  {"b":2} \n\t\n[3]';
    const { isList, items } = sliceLines(Buffer.from(text), 10);
    assert.equal(isList, true);
    assert.deepEqual(
      items.map(({ start, end }) => text.slice(start, end)),
      ['{"a":1}', '{"b":2}', "[3]"],
    );
    assert.deepEqual(sliceLines(Buffer.from("\n \n"), 10).items, []);
    assert.equal(sliceLines(Buffer.from("1\n2\n3\n"), 2).isCut, true);
    assert.equal(sliceLines(Buffer.from("1\n2\n"), 2).isCut, false);
  });

  test("sliceLines() refuses two values on a line and a value over two lines", () => {
    for (const text of ["1 2", '{"a":1}{"b":2}', '{"a":\n1}', "[1,\n2]\n", "1,\n2", "\ufeff1"]) {
      assert.throws(() => sliceLines(Buffer.from(text), 10), { code: "invalid_json" }, text);
    }
  });
});

test("textOf() reads a string with and without escapes", () => {
  for (const text of ["", "é\u2028", 'a"b', "\\", "\u0000", "\ud800"]) {
    const bytes = Buffer.from(JSON.stringify(text));
    assert.equal(textOf(bytes, { start: 0, end: bytes.length }), text);
  }
});

describe("sliceValue()", () => {
  test("sliceValue() finds any one value, without the space around it", () => {
    for (const text of ["{}", "[1, 2]", '"a"', "1.0", "null"]) {
      assert.deepEqual(sliceValue(Buffer.from(` ${text}\n`)), { start: 1, end: 1 + text.length });
    }
  });

  test("sliceValue() refuses what JSON.parse does, whatever follows the value", () => {
    for (const text of ["", " ", "{", "1 2", "[1],", "nul", "\ufeff1"]) {
      assert.throws(() => sliceValue(Buffer.from(text)), Problem, text);
    }
    assert.throws(() => sliceValue(Buffer.from([0x22, 0xff, 0x22])), Problem);
  });

  test("sliceValue() lets a value nest as deep as the member of an object may", () => {
    const nested = (depth: number) => Buffer.from("[".repeat(depth) + "]".repeat(depth));
    assert.equal(sliceValue(nested(JSON_DEPTH_MAX - 1)).start, 0);
    assert.throws(() => sliceValue(nested(JSON_DEPTH_MAX)), Problem);
  });
});
