import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { CONTRACTS } from "../../server/src/built-in-contracts.ts";
import { loadConfigFile } from "../../server/src/cli/config-file.ts";

const ACME = `
import { defineContract } from "@posthorn/contracts";
import { usualHold } from "@posthorn/contracts/hold-back-off";

export const acme = defineContract({
  name: "acme",
  discipline: "each",
  catalogue: { kind: "open", eventTypes: [] },
  defaults: { timeoutMs: 100, maxInFlight: 1, retry: { delaysMs: [], jitter: 0 }, hold: usualHold },
  request: ({ url }, [event]) => ({ kind: "request", url, headers: {}, payload: event!.data }),
  verdict: () => ({ kind: "delivered" }),
  makeSecret: () => undefined,
  checkEndpoint: () => [],
});
`;

/** A folder far from every node_modules, with these files, and what is found from there. */
function setup(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-config-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const manifest = { "package.json": '{ "type": "module" }' };
  for (const [name, text] of Object.entries({ ...manifest, ...files })) {
    writeFileSync(join(folder, name), text);
  }
  const find = async ({ option, variable }: { option?: string; variable?: string } = {}) => {
    const file = await loadConfigFile({ folder, option, variable }, CONTRACTS);
    return file?.contracts.map(({ name }) => name);
  };
  return { folder, find };
}

describe("loadConfigFile()", () => {
  test("loadConfigFile() finds posthorn.config.ts in the folder, if it is there", async (t) => {
    const { find } = setup(t, { "posthorn.config.ts": `${ACME} export const contracts = [acme];` });
    assert.deepEqual(await find(), ["acme"]);
    assert.equal(await setup(t, {}).find(), undefined);
  });

  test("loadConfigFile() takes what the option names before what the variable names", async (t) => {
    const { folder, find } = setup(t, {
      "posthorn.config.ts": "throw new Error('it is not this one');",
      "one.ts": `${ACME.replace('"acme"', '"one"')} export const contracts = [acme];`,
      "two.mjs": "export const contracts = [];",
    });
    assert.deepEqual(await find({ option: "one.ts", variable: "two.mjs" }), ["one"]);
    assert.deepEqual(await find({ variable: join(folder, "two.mjs") }), []);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      "a default export",
      `${ACME} export default [acme];`,
      /export const contracts = \[acme\]`, .* acme, default/,
    ],
    [
      "another name",
      `${ACME} export const contract = acme;`,
      /it must export a list .* it exports acme, contract/,
    ],
    ["no export", "console.log;", /it must export a list .* it exports nothing/],
    ["a contract in no list", `${ACME} export const contracts = acme;`, /another value of that name/],
    [
      "a contract that is not whole",
      `${ACME} export const contracts = [acme, { ...acme, name: "beta", verdict: undefined }];`,
      /\n {2}contracts\[1\], "beta": verdict must be a function .*, got nothing$/,
    ],
    [
      "two faults",
      `${ACME} export const contracts = [7, { ...acme, name: "BETA" }];`,
      /\n {2}contracts\[0\]: name must be .*\n {2}contracts\[1\], "BETA": name must be 1 to 64 /s,
    ],
    [
      "a contract that defineContract refuses",
      ACME.replace("timeoutMs: 100", "timeoutMs: -1"),
      /cannot be loaded: contract "acme": defaults\.timeoutMs must be /,
    ],
    [
      "a name that is built in",
      `${ACME} export const contracts = [{ ...acme, name: "spektr" }];`,
      /contracts\[0\], "spektr": name must be another: a contract of that name is built in/,
    ],
    [
      "a name twice",
      `${ACME} export const contracts = [acme, acme];`,
      /name must be another: it stands there twice/,
    ],
    ["a syntax error", "export const contracts = [;", /cannot be loaded: /],
    ["a missing import", 'import "./gone.ts";', /cannot be loaded: Cannot find module .*gone\.ts/],
    ["a thrown text", 'throw "canary";', /cannot be loaded: it threw what is no Error/],
  ];
  for (const [name, text, message] of wrong) {
    test(`loadConfigFile() names the file and what is wrong: ${name}`, async (t) => {
      const { folder, find } = setup(t, { "posthorn.config.ts": text });
      await assert.rejects(find(), (error: Error) => {
        assert.ok(error.message.startsWith(join(folder, "posthorn.config.ts")), error.message);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("loadConfigFile() says who named a file that is not there", async (t) => {
    const { find } = setup(t, {});
    await assert.rejects(
      find({ option: "gone.ts" }),
      /^Error: --config must name a file that is there, got "gone\.ts"/,
    );
    await assert.rejects(
      find({ variable: "gone.ts" }),
      /^Error: POSTHORN_CONFIG must name a file that is there/,
    );
  });
});

describe("posthorn", () => {
  for (const command of ["serve", "start", "demo"]) {
    test(`posthorn ${command} ends with 1 and says what is wrong with its contracts`, async (t) => {
      const { folder } = setup(t, { "own.ts": `${ACME} export default acme;` });
      const cli = join(import.meta.dirname, "../../server/src/cli.ts");
      const ended = new Promise<{ code: unknown; said: string }>((resolve) => {
        const args = [cli, command, "--config", "own.ts"];
        execFile(process.execPath, args, { cwd: folder }, (error, _stdout, said) => {
          resolve({ code: error?.code, said });
        });
      });
      const { code, said } = await ended;
      assert.equal(code, 1);
      assert.match(said, /^posthorn: \S+own\.ts is not right:\n {2}it must export a list/);
    });
  }
});
