import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkImports } from "./import-law.ts";
import { readSources } from "./source.ts";
import { treeOf } from "./tree.ts";

/** A house with one file in every zone, none of which imports anything. */
const HOUSE: Readonly<Record<string, string>> = {
  "contracts/package.json": '{"name":"@posthorn/contracts","exports":{"./*":"./*.ts"}}',
  "client/package.json": '{"name":"@posthorn/client","exports":{".":"./client.ts"}}',
  "server/package.json": '{"name":"posthorn"}',
  "contracts/contract.ts": "",
  "contracts/bspk/send.ts": "",
  "contracts/bspk/receive.ts": "",
  "contracts/bspk/send.test.ts": "",
  "contracts/spektr/send.ts": "",
  "contracts/receiving-halves.ts": "",
  "client/client.ts": "",
  "server/src/main.ts": "",
  "server/src/cli.ts": "",
  "server/src/clock.ts": "",
  "server/src/store.ts": "",
  "server/src/reader.ts": "",
  "server/src/registry.ts": "",
  "server/src/model/event.ts": "",
  "server/src/model/offset.ts": "",
  "server/src/engine/settle.ts": "",
  "server/src/engine/settle.test.ts": "",
  "server/src/stores/conformance.ts": "",
  "server/src/stores/memory.ts": "",
  "server/src/outbound/sender.ts": "",
  "server/src/outbound/guard.ts": "",
  "server/src/api/app.ts": "",
  "server/src/cli/serve.ts": "",
  "server/src/cli/trigger.ts": "",
  "sim/world.ts": "",
};

/** Lets one file of the house import something, and returns the rules that breaks. */
function rulesBroken(from: string, statement: string): readonly string[] {
  const tree = treeOf({ ...HOUSE, [from]: statement });
  return checkImports(tree, readSources(tree)).map(({ rule }) => rule);
}

const FORBIDDEN: readonly (readonly [from: string, specifier: string])[] = [
  ["contracts/bspk/receive.ts", "../receiving-halves.ts"],
  ["contracts/receiving-halves.ts", "node:crypto"],
  ["server/src/engine/settle.ts", "@posthorn/contracts/receiving-halves"],
  ["server/src/model/event.ts", "../clock.ts"],
  ["server/src/model/event.ts", "@posthorn/contracts/contract"],
  ["server/src/model/event.ts", "node:crypto"],
  ["server/src/engine/settle.ts", "../main.ts"],
  ["server/src/engine/settle.ts", "../cli.ts"],
  ["server/src/engine/settle.ts", "../reader.ts"],
  ["server/src/engine/settle.ts", "../registry.ts"],
  ["server/src/engine/settle.ts", "../stores/memory.ts"],
  ["server/src/engine/settle.ts", "../outbound/guard.ts"],
  ["server/src/engine/settle.ts", "../api/app.ts"],
  ["server/src/engine/settle.ts", "@posthorn/contracts/bspk/send"],
  ["server/src/engine/settle.ts", "../../../contracts/contract.ts"],
  ["server/src/engine/settle.ts", "node:crypto"],
  ["server/src/engine/settle.ts", "undici"],
  ["server/src/engine/settle.ts", "./settle.test.ts"],
  ["server/src/engine/settle.ts", "../../../sim/world.ts"],
  ["server/src/stores/memory.ts", "../engine/settle.ts"],
  ["server/src/stores/memory.ts", "../outbound/sender.ts"],
  ["server/src/stores/memory.ts", "./conformance.ts"],
  ["server/src/outbound/guard.ts", "../store.ts"],
  ["server/src/outbound/guard.ts", "../engine/settle.ts"],
  ["server/src/outbound/guard.ts", "@posthorn/contracts/bspk/send"],
  ["server/src/api/app.ts", "../stores/memory.ts"],
  ["server/src/api/app.ts", "../outbound/guard.ts"],
  ["server/src/api/app.ts", "../main.ts"],
  ["server/src/main.ts", "./stores/conformance.ts"],
  ["server/src/main.ts", "../../sim/world.ts"],
  ["server/src/cli/trigger.ts", "../main.ts"],
  ["server/src/cli/serve.ts", "../engine/settle.ts"],
  ["server/src/clock.ts", "./store.ts"],
  ["server/src/clock.ts", "./engine/settle.ts"],
  ["server/src/clock.ts", "@posthorn/contracts/bspk/send"],
  ["server/src/store.ts", "./engine/settle.ts"],
  ["server/src/store.ts", "node:fs"],
  ["contracts/bspk/send.ts", "posthorn/src/clock.ts"],
  ["contracts/bspk/send.ts", "../../server/src/clock.ts"],
  ["contracts/bspk/send.ts", "node:fs"],
  ["contracts/bspk/send.ts", "undici"],
  ["contracts/bspk/send.ts", "../spektr/send.ts"],
  ["contracts/contract.ts", "./bspk/send.ts"],
  ["contracts/bspk/send.test.ts", "posthorn/src/clock.ts"],
  ["client/client.ts", "posthorn/src/clock.ts"],
  ["client/client.ts", "node:fs"],
  ["server/src/engine/settle.test.ts", "@posthorn/client"],
];

const ALLOWED: readonly (readonly [from: string, specifier: string])[] = [
  ["contracts/receiving-halves.ts", "./bspk/receive.ts"],
  ["server/src/cli/trigger.ts", "@posthorn/contracts/receiving-halves"],
  ["server/src/model/event.ts", "./offset.ts"],
  ["server/src/engine/settle.ts", "../model/event.ts"],
  ["server/src/engine/settle.ts", "../store.ts"],
  ["server/src/engine/settle.ts", "../clock.ts"],
  ["server/src/engine/settle.ts", "../outbound/sender.ts"],
  ["server/src/engine/settle.ts", "@posthorn/contracts/contract"],
  ["server/src/engine/settle.test.ts", "../stores/memory.ts"],
  ["server/src/engine/settle.test.ts", "@posthorn/contracts/bspk/send"],
  ["server/src/engine/settle.test.ts", "node:test"],
  ["server/src/stores/memory.ts", "../registry.ts"],
  ["server/src/stores/memory.ts", "node:sqlite"],
  ["server/src/outbound/guard.ts", "./sender.ts"],
  ["server/src/outbound/guard.ts", "undici"],
  ["server/src/api/app.ts", "../engine/settle.ts"],
  ["server/src/api/app.ts", "@posthorn/contracts/bspk/send"],
  ["server/src/cli/trigger.ts", "@posthorn/client"],
  ["server/src/cli/serve.ts", "../main.ts"],
  ["server/src/cli.ts", "./cli/serve.ts"],
  ["server/src/main.ts", "./stores/memory.ts"],
  ["contracts/bspk/send.ts", "node:crypto"],
  ["contracts/bspk/receive.ts", "../contract.ts"],
  ["contracts/bspk/send.ts", "./receive.ts"],
  ["sim/world.ts", "../server/src/engine/settle.ts"],
];

describe("checkImports()", () => {
  for (const [from, specifier] of FORBIDDEN) {
    test(`refuses that ${from} imports ${specifier}`, () => {
      assert.deepEqual(rulesBroken(from, `import "${specifier}";`), ["import-law"]);
    });
  }

  for (const [from, specifier] of ALLOWED) {
    test(`lets ${from} import ${specifier}`, () => {
      assert.deepEqual(rulesBroken(from, `import "${specifier}";`), []);
    });
  }

  const forms = [
    'import { a } from "../main.ts";',
    'import {\n  a,\n  type B,\n} from "../main.ts";',
    'import type { B } from "../main.ts";',
    'export { a } from "../main.ts";\nexport const b = 1;',
    'export * from "../main.ts";',
    'export const a = () => import("../main.ts");',
    'export type B = import("../main.ts").B;',
  ];
  for (const form of forms) {
    test(`sees the import in ${JSON.stringify(form)}`, () => {
      assert.deepEqual(rulesBroken("server/src/engine/settle.ts", form), ["import-law"]);
    });
  }

  test("sees no import in a comment or a string", () => {
    const text = `// import "../main.ts";\nexport const a = 'import "../main.ts";';`;
    assert.deepEqual(rulesBroken("server/src/engine/settle.ts", text), []);
  });

  test("refuses a computed import where packages are refused", () => {
    const text = "export const load = (path: string) => import(path);";
    assert.deepEqual(rulesBroken("server/src/engine/settle.ts", text), ["import-law"]);
    assert.deepEqual(rulesBroken("server/src/clock.ts", text), []);
  });

  test("reports a circle of imports, also of types", () => {
    const tree = treeOf({
      "bench/a.ts": 'import type { B } from "./b.ts";',
      "bench/b.ts": 'import { c } from "./c.ts";',
      "bench/c.ts": 'export type A = import("./a.ts").A;',
    });
    const [finding, ...others] = checkImports(tree, readSources(tree));
    assert.equal(finding?.rule, "import-cycle");
    assert.equal(finding?.says, "imports itself: bench/a.ts → bench/b.ts → bench/c.ts → bench/a.ts");
    assert.deepEqual(others, []);
  });

  test("reports a receiving half that needs Node through another file", () => {
    const tree = treeOf({
      ...HOUSE,
      "contracts/bspk/receive.ts": 'import "./digest.ts";',
      "contracts/bspk/digest.ts": 'import "node:crypto";',
    });
    assert.deepEqual(
      checkImports(tree, readSources(tree)).map(({ rule, path }) => `${rule} ${path}`),
      ["receiving-half contracts/bspk/receive.ts"],
    );
  });

  test("follows the patterns of a package's exports as Node does", () => {
    const exports = { ".": "./contract.ts", "./*.ts": "./*.ts", "./*": "./*.ts" };
    const manifest = JSON.stringify({ name: "@posthorn/contracts", exports });
    for (const [specifier, rules] of [
      ["@posthorn/contracts", []],
      ["@posthorn/contracts/contract", []],
      ["@posthorn/contracts/bspk/send", ["import-law"]],
      ["@posthorn/contracts/bspk/gone", ["import-missing"]],
    ] as const) {
      const from = { "server/src/engine/settle.ts": `import "${specifier}";` };
      const tree = treeOf({ ...HOUSE, "contracts/package.json": manifest, ...from });
      const found = checkImports(tree, readSources(tree)).map(({ rule }) => rule);
      assert.deepEqual(found, rules, specifier);
    }
  });

  test("reports a file that a package does not export", () => {
    assert.deepEqual(rulesBroken("server/src/cli/trigger.ts", 'import "@posthorn/client/secret";'), [
      "import-missing",
    ]);
  });
});
