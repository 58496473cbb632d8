import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const CONFIGURATIONS = [
  "biome.json",
  "knip.json",
  "tsconfig.json",
  "dashboard/tsconfig.json",
  ".oxlintrc.json",
];

/** A house in which nothing is broken. */
const CLEAN = {
  "package.json": json({ private: true, type: "module", workspaces: ["contracts", "server"] }),
  "contracts/package.json": json({ name: "@posthorn/contracts", type: "module", exports: { "./*": "./*" } }),
  "server/package.json": json({ name: "posthorn", type: "module", bin: { posthorn: "./src/cli.ts" } }),
  "dashboard/src/main.tsx": 'document.title = "Posthorn";\n',
  "contracts/contract.ts": "export const answer = 42;\n",
  "server/src/cli.ts": 'import { now } from "./clock.ts";\n\nprocess.stdout.write(`${now()}\\n`);\n',
  "server/src/clock.ts": "export const now = () => 42;\n",
  "test/a.test.ts":
    'import { test } from "node:test";\n\ntest("tests need not be awaited", () => undefined);\n',
};

/** What the linter must find, each in a file of its own. */
const LINTED: Readonly<Record<string, string>> = {
  "typescript(no-floating-promises)": "export const a = () => {\n  Promise.resolve(1);\n};\n",
  "typescript(no-misused-promises)": "export const a = (b: Promise<boolean>) => (b ? 1 : 2);\n",
  "typescript(await-thenable)": "export const a = async (b: number) => {\n  await b;\n};\n",
  "typescript(only-throw-error)": 'export const a = () => {\n  throw "no";\n};\n',
  "typescript(no-explicit-any)": "export const a = (b: any) => b !== 1;\n",
  "typescript(no-unsafe-return)": 'export const a = (): string => JSON.parse("1");\n',
  "typescript(no-unsafe-type-assertion)": "export const a = (b: unknown) => b as string;\n",
  "typescript(no-non-null-assertion)": "export const a = (b: number | undefined) => b!;\n",
  "typescript(switch-exhaustiveness-check)":
    'export function a(b: "c" | "d"): void {\n  switch (b) {\n    case "c":\n      break;\n  }\n}\n',
  "typescript(no-import-type-side-effects)":
    'import { type now } from "./clock.ts";\n\nexport type A = typeof now;\n',
  "import(no-duplicates)": 'import { now } from "./clock.ts";\nimport type { now as b } from "./clock.ts";\n',
  "import(no-default-export)": "const a = 1;\nexport default a;\n",
  "eslint(no-unused-vars)": "export const a = () => {\n  const b = 1;\n};\n",
  "eslint(no-console)": 'export const a = () => console.log("a");\n',
  "eslint(eqeqeq)": "export const a = (b: number) => b == 1;\n",
  "eslint(max-params)": "export const a = (b: number, c: number, d: number, e: number) => b + c + d + e;\n",
};

function setup(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-check-"));
  mkdirSync(join(folder, "dashboard"));
  for (const name of CONFIGURATIONS) copyFileSync(join(ROOT, name), join(folder, name));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries({ ...CLEAN, ...files })) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const program = join(ROOT, "scripts/check.ts");
  const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { status, stdout };
}

describe("npm run check", () => {
  test("passes a house in which nothing is broken", () => {
    const { status, stdout } = setup({});
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/^ok /gm)?.length, 6, stdout);
  });

  test("lets every tool speak, and fails with the names of those that found something", () => {
    const { status, stdout } = setup({
      "server/src/cli.ts": 'import { now } from "./clock.ts"\n\nprocess.stdout.write(now() as any);\n',
      "server/src/clock.ts": "export const now = (): string => 42;\nexport const later = 43;\n",
      "server/src/utils.ts": "enum Colour {\n  Red = 1,\n}\n",
      "dashboard/src/main.tsx": "document.title = 7;\n",
    });
    assert.equal(status, 1);
    assert.match(stdout, /^failed: format, lint, types, types of the dashboard, house rules, unused code$/m);
    assert.match(stdout, /TS2322/, "a number is no string");
    assert.match(stdout, /TS1294/, "an enum cannot be erased");
    assert.match(stdout, /Unused exports \(1\)\s+later/);
    assert.match(stdout, /Unused files \(1\)\s+server\/src\/utils\.ts/);
  });

  test("has the linter find what it is there for", () => {
    const rules = Object.entries(LINTED);
    const files = rules.map(([, text], index) => [`server/src/planted-${index}.ts`, text]);
    const { stdout } = setup({
      ...Object.fromEntries(files),
      "server/src/left.ts": 'import type { Right } from "./right.ts";\n\nexport type Left = Right | 1;\n',
      "server/src/right.ts": 'import type { Left } from "./left.ts";\n\nexport type Right = Left | 2;\n',
    });
    for (const [index, [rule]] of rules.entries()) {
      assert.match(stdout, reported(rule, `server/src/planted-${index}.ts`), `${rule} is reported`);
    }
    assert.match(stdout, reported("import(no-cycle)", "server/src/left.ts"));
  });
});

function reported(rule: string, path: string): RegExp {
  return new RegExp(`${RegExp.escape(rule)}: [^\\n]*\\n[^\\n]*\\[${RegExp.escape(path)}:`);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
