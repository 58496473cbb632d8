import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { BEGINNING, EXAMPLES_FOLDER, readExamples } from "../../scripts/reference/client-examples.ts";
import { type CodeBlock, codeBlocksOf, placeOf, serveIn } from "./page.ts";

const run = promisify(execFile);

/** What a program says by its comments that it prints; of their white space nothing is left. */
function saidBy(program: string): string {
  return [...program.matchAll(/\/\/ (→.*)$/gm)]
    .flatMap(([, text = ""]) => text.split("→"))
    .join("")
    .replaceAll(/\s/g, "");
}

/** Fits what has anything where an ellipsis stands. */
function fitting(said: string): RegExp {
  const parts = said.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

describe("the client's examples", () => {
  it("are what docs/reference/client.md shows", () => {
    const [beginning, ...shown] = codeBlocksOf("docs/reference/client.md");
    const textOf = (name: string) => readFileSync(join(EXAMPLES_FOLDER, name), "utf8");
    assert.deepEqual([beginning?.name, beginning?.code], [BEGINNING, textOf(BEGINNING)]);
    const examples = readExamples().map(({ name, program }) => ({
      language: "ts",
      name: `${name}.ts`,
      code: program,
    }));
    const byName = (one: CodeBlock, other: CodeBlock) => (one.name < other.name ? -1 : 1);
    assert.deepEqual(shown.toSorted(byName), examples.toSorted(byName));
  });

  it("print what they say, against a server", { timeout: 600_000 }, async (t) => {
    const { env } = await serveIn(placeOf(t));
    for (const { name, program } of readExamples()) {
      await t.test(name, async () => {
        const options = { env: { ...process.env, ...env }, timeout: 120_000 };
        const { stdout, stderr } = await run(
          process.execPath,
          [join(EXAMPLES_FOLDER, `${name}.ts`)],
          options,
        );
        const said = saidBy(program);
        assert.match(said, /\w/, "it says what it prints");
        assert.match(stdout.replaceAll(/\s/g, ""), fitting(said), `${stdout}\n${stderr}`);
      });
    }
  });
});
