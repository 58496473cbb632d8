/** Values that are none, in every variable of the configuration: one that is added is tested, too. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readConfig } from "./config.ts";
import { NAMES } from "./settings.ts";

const CANARY = "hunter22";
const POISONS: readonly string[] = [
  "",
  " ",
  "0",
  "-1",
  "1.5",
  "1e3",
  "1e309",
  "0x10",
  "٣",
  "NaN",
  "Infinity",
  "null",
  "undefined",
  "true",
  "[]",
  "{}",
  "[0]",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "a\u0000b",
  "a\r\nb",
  "\ufeff8080",
  "\ud800",
  "\u202e",
  "😀",
  "${PORT}",
  "{{x}}",
  "%s",
  ",,,",
  "999999999999999999999",
  `postgres://u:${CANARY}@host/db`,
  `http://u:${CANARY}@host:99999`,
  `${CANARY}=`,
  CANARY.repeat(20_000),
];
const SECRETS = /_KEY(_OLD)?(_FILE)?$|_PROXY(_FILE)?$|DATABASE_URL/;

describe("a value that is none", () => {
  test("is read as a value, or refused by a sentence that names its variable and is short", () => {
    for (const name of NAMES) {
      for (const value of POISONS) {
        const read = readConfig({ [name]: value }, { contracts: ["standard"], readFile: () => value });
        const problems = read.kind === "problems" ? read.problems : [];
        assert.ok(problems.length <= 1);
        for (const problem of problems) {
          assert.ok(problem.includes(name.replace(/_FILE$/, "")), `${name}: ${problem.slice(0, 200)}`);
          assert.ok(problem.length < 400, `${name} has ${problem.length} characters`);
          assert.match(problem, /^[^\u0000-\u001f\u007f]*$/u);
          assert.equal(SECRETS.test(name) && problem.includes(CANARY), false, name);
        }
      }
    }
  });

  test("is refused where a file has it as where the environment has", () => {
    for (const name of ["POSTHORN_MASTER_KEY", "POSTHORN_MASTER_KEY_OLD", "POSTHORN_ADMIN_KEY"]) {
      for (const value of POISONS) {
        const options = { contracts: ["standard"], readFile: () => value };
        const fromFile = readConfig({ [`${name}_FILE`]: "/a" }, options);
        const given = readConfig({ [name]: value.trim() }, options);
        assert.deepEqual(fromFile, given);
      }
    }
  });
});
