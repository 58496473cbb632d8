import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { eventText, laidOut, memberText } from "./json-text.ts";

const textOf = (text: string) =>
  laidOut(text)
    .map((token) => token.text)
    .join("");

describe("laidOut()", () => {
  test("laidOut() changes no character that is not space, whatever a parser would make of it", () => {
    const text = '{"id":9007199254740993,"price":1.0,"empty":{},"list":[],"a":[1,{"b":"x: {}, "}]}';
    assert.equal(
      textOf(text),
      `{
  "id": 9007199254740993,
  "price": 1.0,
  "empty": {},
  "list": [],
  "a": [
    1,
    {
      "b": "x: {}, "
    }
  ]
}`,
    );
  });

  test("laidOut() says the same JSON, of any", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(textOf(JSON.stringify(value))), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("laidOut() makes little more of a text that nests a thousand times", () => {
    assert.ok(textOf("[".repeat(1000) + "]".repeat(1000)).length < 200_000);
  });

  test("laidOut() gives what is no JSON back as it came", () => {
    assert.equal(textOf("<b>no</b>"), "<b>no</b>");
  });
});

describe("memberText()", () => {
  test("memberText() finds a member as it stands, and none of the same name within another", () => {
    const text = '{"a":{"data":1},"type":"data","data": {"n":9007199254740993, "data":2} ,"z":1}';
    assert.equal(memberText(text, "data"), '{"n":9007199254740993, "data":2}');
    assert.equal(memberText(text, "z"), "1");
    assert.equal(memberText(text, "n"), undefined);
  });

  test("memberText() finds every member of any object", () => {
    const name = fc.string({ minLength: 1 }).filter((each) => each !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (object) => {
        for (const [key, value] of Object.entries(object)) {
          assert.equal(memberText(JSON.stringify(object), key), JSON.stringify(value));
        }
      }),
    );
  });
});

describe("eventText()", () => {
  test("eventText() keeps the data as it was typed, and is JSON around it", () => {
    const data = '{"id": 9007199254740993, "price": 1.0}';
    const text = eventText({ type: 'a "quoted" type', subject: "7" }, data);
    assert.equal(memberText(text, "data"), data);
    const { type, subject }: Record<string, unknown> = JSON.parse(text);
    assert.deepEqual([type, subject], ['a "quoted" type', "7"]);
    assert.equal(eventText({}, "1"), '{"data":1}');
  });
});
