import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  flag,
  oneOf,
  oneOfOrNone,
  settingProblems,
  settingsSchemaOf,
  text,
  wholeNumber,
} from "./settings.ts";

function setup() {
  const size = wholeNumber("size", { from: 1, to: 9, byDefault: 3 });
  const mode = oneOf("mode", ["slow", "fast"]);
  const loud = flag("loud");
  const label = text("label", { pattern: /^[a-z]{1,4}$/, allowed: "1 to 4 letters" });
  const known = [size, mode, loud, label];
  const details = (settings: Record<string, unknown>) =>
    settingProblems(settings, known).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return { size, mode, loud, label, details };
}

describe("settingProblems()", () => {
  it("settingProblems() lets through what is allowed, limits included", () => {
    const { details } = setup();
    assert.deepEqual(details({}), []);
    assert.deepEqual(details({ size: 1, mode: "slow", loud: false, label: "a" }), []);
    assert.deepEqual(details({ size: 9, mode: "fast", loud: true, label: "abcd" }), []);
  });

  it("settingProblems() says what is allowed and what was given", () => {
    const { details } = setup();
    assert.deepEqual(details({ size: 0, mode: "warp", loud: "yes", label: "ABC" }), [
      "/settings/size: size must be a whole number from 1 to 9, got 0",
      '/settings/mode: mode must be one of "slow", "fast", got "warp"',
      '/settings/loud: loud must be true or false, got "yes"',
      '/settings/label: label must be 1 to 4 letters, got "ABC"',
    ]);
    for (const value of [10, 1.5, Number.NaN, "3", null, true, [3], {}]) {
      assert.equal(details({ size: value }).length, 1, String(value));
    }
    assert.deepEqual(details({ mode: [], label: {}, loud: null }), [
      '/settings/mode: mode must be one of "slow", "fast", got an array',
      "/settings/label: label must be 1 to 4 letters, got an object",
      "/settings/loud: loud must be true or false, got null",
    ]);
  });

  it("settingProblems() names an unknown setting by JSON Pointer, and never its value", () => {
    const { details } = setup();
    assert.deepEqual(details({ "a/b~c": "hunter2", constructor: 1 }), [
      "/settings/a~1b~0c: unknown setting: this contract has size, mode, loud, label",
      "/settings/constructor: unknown setting: this contract has size, mode, loud, label",
    ]);
    assert.deepEqual(settingProblems({ size: 1 }, []), [
      { pointer: "/settings/size", detail: "unknown setting: this contract has none" },
    ]);
  });

  it("settingProblems() does not repeat a long text, which may be a secret in the wrong place", () => {
    const { details } = setup();
    const [problem] = details({ label: "hunter2-hunter2" });
    assert.equal(problem, "/settings/label: label must be 1 to 4 letters, got a text of 15 characters");
  });
});

describe("settingsSchemaOf()", () => {
  it("settingsSchemaOf() takes what settingProblems() takes, and nothing else", () => {
    const { size, mode, loud, label, details } = setup();
    const pace = oneOfOrNone("pace", ["slow", "fast"]);
    const schema = settingsSchemaOf([size, mode, loud, label, pace]);
    const fits = new Ajv2020({ strict: true }).compile(schema);
    const values = [0, 1, 9, 10, 1.5, "slow", "abcd", "ABC", true, null, [], {}];
    for (const name of ["size", "mode", "loud", "label", "unknown"]) {
      for (const value of values) {
        const settings = { [name]: value };
        assert.equal(fits(settings), details(settings).length === 0, JSON.stringify(settings));
      }
    }
    assert.deepEqual([fits({}), fits({ pace: "fast" }), fits({ pace: "warp" })], [true, true, false]);
  });

  it("settingsSchemaOf() says the defaults", () => {
    const { size, mode, loud, label } = setup();
    assert.deepEqual(
      [size, mode, loud, label].map(({ schema }) => schema.default),
      [3, "slow", false, undefined],
    );
  });
});

describe("Setting.read()", () => {
  it("Setting.read() gives what is stored, or the default", () => {
    const { size, mode, loud, label } = setup();
    assert.deepEqual(
      [size.read({}), mode.read({}), loud.read({}), label.read({})],
      [3, "slow", false, undefined],
    );
    assert.equal(flag("quiet", true).read({}), true);
    const settings = { size: 4, mode: "fast", loud: true, label: "ab" };
    assert.deepEqual(
      [size.read(settings), mode.read(settings), loud.read(settings), label.read(settings)],
      [4, "fast", true, "ab"],
    );
  });

  it("oneOfOrNone() has no default, and the same words", () => {
    const pace = oneOfOrNone("pace", ["slow", "fast"]);
    assert.equal(pace.read({}), undefined);
    assert.equal(pace.read({ pace: "fast" }), "fast");
    const [problem] = settingProblems({ pace: "warp" }, [pace]);
    assert.equal(problem?.detail, 'pace must be one of "slow", "fast", got "warp"');
  });

  it("Setting.read() throws at a stored value that was never allowed", () => {
    const { size } = setup();
    assert.throws(
      () => size.read({ size: "4" }),
      /stored setting size must be a whole number from 1 to 9, it is "4"/,
    );
  });
});
