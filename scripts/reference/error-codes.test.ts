import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { OUTBOUND_CODES } from "../../server/src/outbound/error-codes.ts";
import { PROBLEMS } from "../../server/src/problem.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = "docs/reference/error-codes.md";

/** Where reasons of deliveries, lanes and endpoints come from; a receiving half has its own. */
const SOURCES = globSync(
  ["contracts/**/*.ts", "server/src/{engine,model,api}/**/*.ts", "server/src/{problem,checked-contract}.ts"],
  {
    cwd: ROOT,
    exclude: ["**/*.test.ts", "**/*-fixture.ts", "**/receive.ts", "contracts/{web,timestamp}-*.ts"],
  },
);

interface Documented {
  readonly code: string;
  readonly cells: readonly string[];
}

/** Every code in the first column of a table, with the columns behind it. */
const documented: readonly Documented[] = readText(PAGE)
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => {
    const [first = "", ...cells] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    return [...first.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => ({ code, cells }));
  });

function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

// It stands for any code behind the word: a reason of a handshake's own must have a row of its own.
const ANY_HANDSHAKE = "handshake_{code}";

/** Whether the page has the code, or a pattern such as `status_{number}` that it fits. */
function isDocumented(code: string): boolean {
  return documented.some(
    (entry) => entry.code !== ANY_HANDSHAKE && new RegExp(`^${patternOf(entry.code)}$`).test(code),
  );
}

function patternOf(code: string): string {
  return code.replaceAll(/\{\w+\}/g, "\\w+");
}

/** Codes that the source gives as a reason, with x for what it puts into a template. */
function reasonsIn(text: string): readonly string[] {
  return [
    ...text.replaceAll(/[!=]== "\w+"/g, "").matchAll(/\b(?:reason:|reason =|fault:|attention =)(.*)/g),
  ].flatMap(([, rest = ""]) =>
    [...rest.matchAll(/["`]([a-z][a-z0-9_]*(?:\$\{[^}]+\}\w*)?)["`]/g)].map(([, code = ""]) =>
      code.replaceAll(/\$\{[^}]+\}/g, "x"),
    ),
  );
}

describe(PAGE, () => {
  it("has every code of an attempt that got no answer, and says whose fault it is", () => {
    for (const [code, { kind }] of Object.entries(OUTBOUND_CODES)) {
      const entry = documented.find((one) => one.code === code);
      assert.ok(entry, `${PAGE} must have a row for ${code}`);
      assert.equal(entry.cells[1] === "**ours**", kind === "sender_failed", `whose fault ${code} is`);
    }
  });

  it("has every code of the API with its status", () => {
    for (const [code, { status }] of Object.entries(PROBLEMS)) {
      const rows = documented.filter((one) => one.code === code).map(({ cells }) => cells[0]);
      assert.ok(rows.includes(String(status)), `${PAGE} must have a row for ${code} with ${status}`);
    }
  });

  it("has every reason that the source gives", () => {
    const missing = SOURCES.flatMap((path) => {
      const text = readText(path);
      // What a handshake is refused for is shown behind this word.
      const prefix = text.includes('kind: "refused"') ? "handshake_" : "";
      const codes = reasonsIn(text).map((code) => prefix + code);
      return codes.filter((code) => !isDocumented(code)).map((code) => `${code} (${path})`);
    });
    assert.deepEqual(missing, [], `${PAGE} must have a row for each`);
  });

  it("has no code that the source no longer knows", () => {
    const known = Object.keys({ ...OUTBOUND_CODES, ...PROBLEMS }).join("\n");
    const source = known + SOURCES.map(readText).join("\n");
    const parts = documented.map(({ code }) => code.replace(/^handshake_(?=.)/, "").replace(/\{.*/, ""));
    assert.deepEqual(
      parts.filter((part) => !source.includes(part)),
      [],
    );
  });

  it("says of each code what happened or what to do", () => {
    for (const { code, cells } of documented) {
      assert.ok(cells.length > 0 && cells.every((cell) => cell !== ""), code);
    }
  });
});

describe("reasonsIn()", () => {
  it("finds what is given, in either case of a condition, and what a template begins with", () => {
    const text = 'reason: isGone ? "gone_now" : "here_yet" };\n  fault: `part_${name}`,\n kind: "retry"';
    assert.deepEqual(reasonsIn(text), ["gone_now", "here_yet", "part_x"]);
  });
});
