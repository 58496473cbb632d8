import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { exampleFor, exampleOf, readExamples, withExamples } from "./client-examples.ts";
import { publicSymbols, symbolsOf } from "./client-symbols.ts";

describe("the client's public symbols", () => {
  it("each have an example, which their comments show or name", () => {
    const examples = readExamples();
    const symbols = publicSymbols();
    assert.ok(symbols.length > 80);
    for (const { name, file } of symbols) {
      assert.ok(exampleFor(name, examples), `${name} of ${file} has an example in examples/client`);
      const text = readFileSync(new URL(`../../client/${file}`, import.meta.url), "utf8");
      const [comment = ""] =
        new RegExp(`(?<=/\\*\\*)(?:(?!\\*/)[^])*\\*/\\n(?:// .*\\n)? *(?:export \\w+ )?${name}\\b`).exec(
          text,
        ) ?? [];
      assert.match(comment, /\* @(example|see)\b/, `${name} of ${file}`);
    }
    const known = new Set(symbols.map(({ name }) => name));
    const stray = examples.flatMap((example) => example.symbols.filter((symbol) => !known.has(symbol)));
    assert.deepEqual(stray, [], "examples are for what there is");
  });
});

describe("symbolsOf()", () => {
  it("finds what is exported, and methods, but not the types that the API's description has", () => {
    const source = `
      export interface Shape { readonly id: string }
      export interface Client extends Shape { send(id: string): void; send(id: number): void }
      export type Answer = Shape | string;
      export function make(): Client { return own; }
      export class Failure extends Error {}
      export const one = 1, other = 2;
      function inner() {}
    `;
    assert.deepEqual(symbolsOf(source, "client.ts"), [
      "Shape",
      "Client",
      "send",
      "Answer",
      "make",
      "Failure",
      "one",
      "other",
    ]);
    assert.deepEqual(symbolsOf(source, "operations.ts"), ["send", "make", "Failure", "one", "other"]);
  });
});

const TEXT = `/**
 * Send one.
 *
 * For send, Options.
 */
import { posthorn } from "./posthorn.ts";

await posthorn.send(1); // → 1
`;

describe("exampleOf()", () => {
  it("parts a file into its title, its symbols and its code", () => {
    const { title, symbols, program, code } = exampleOf("send", TEXT);
    assert.deepEqual([title, symbols], ["Send one", ["send", "Options"]]);
    assert.match(program, /^import/);
    assert.equal(code, "await posthorn.send(1); // → 1\n");
  });

  it("refuses an example that does not call what it is for, is too long, or says nothing of itself", () => {
    assert.throws(() => exampleOf("send", TEXT.replace("posthorn.send", "posthorn.take")), /has no send/);
    assert.throws(() => exampleOf("send", `${TEXT}${"void 0;\n".repeat(12)}`), /at most 12 lines, got 13/);
    assert.throws(() => exampleOf("send", TEXT.replace("For", "Of")), /must begin with/);
  });
});

describe("withExamples()", () => {
  const SOURCE = `/** How. */
export interface Options {
  readonly id: string;
}

export interface Client {
  /**
   * Sends.
   *
   * @example
   * \`\`\`ts
   * what was there
   * \`\`\`
   */
  send(options: Options): void;
}
`;
  const examples = [exampleOf("send", TEXT)];

  it("puts an example in place of the one that is there, and changes nothing the second time", () => {
    const text = withExamples(SOURCE, examples, { isRepeated: true });
    assert.equal(text.match(/await posthorn\.send/g)?.length, 2);
    assert.doesNotMatch(text, /what was there/);
    assert.equal(withExamples(text, examples, { isRepeated: true }), text);
  });

  it("puts it once, at the first of its symbols, and has the others refer to that", () => {
    const text = withExamples(SOURCE, examples, { isRepeated: false });
    assert.equal(text.match(/await posthorn\.send/g)?.length, 1);
    assert.match(text, /How\.\n \*\n \* @see \{@link send\}\n \*\/\nexport interface Options/);
    assert.equal(withExamples(text, examples, { isRepeated: false }), text);
  });
});
