/** The guide to event types is run as it stands, and what it says is answered is answered. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { install } from "./installation.ts";

const GUIDE = join(import.meta.dirname, "../../docs/guides/event-types.md");

const BLOCK = /^```(sh|json)\n([\s\S]*?)^```/gm;
const COMMAND = /^curl -s (?:-X (\w+) )?\$API(\S+)(?: -H "\$[AJ]")+(?: -d '([^']*)')?$/gm;

interface Command {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

function commandsIn(block: string): readonly Command[] {
  return [...block.matchAll(COMMAND)].map(([, method, path = "", body]) => ({
    method: method ?? (body === undefined ? "GET" : "POST"),
    path,
    body,
  }));
}

/** Whether an answer has what the guide shows of it; what it leaves out may be there. */
function assertShows(answer: unknown, shown: unknown, at = ""): void {
  if (typeof shown !== "object" || shown === null) {
    assert.equal(answer, shown, at);
    return;
  }
  assert.equal(Array.isArray(answer) ? answer.length : -1, Array.isArray(shown) ? shown.length : -1, at);
  for (const [name, value] of Object.entries(shown)) {
    assertShows(Reflect.get(Object(answer), name), value, `${at}/${name}`);
  }
}

test("the guide to event types says what a real server does", async () => {
  const posthorn = await install();
  const blocks = [...readFileSync(GUIDE, "utf8").matchAll(BLOCK)];
  const written = blocks.flatMap(([, , text = ""]) => text.match(/^curl /gm) ?? []).length;
  let run = 0;
  let endpoint = "";
  let answer: object = {};
  try {
    for (const [, language, text = ""] of blocks) {
      if (language === "json") {
        assertShows(answer, JSON.parse(text));
        continue;
      }
      for (const { method, path, body } of commandsIn(text)) {
        const { status, json } = await posthorn.call<{ id?: string }>(
          method,
          path.replace("$ENDPOINT", endpoint),
          body,
        );
        assert.ok(status < 300 || status === 422, `${method} ${path}: ${status} ${JSON.stringify(json)}`);
        answer = json;
        endpoint = json.id?.startsWith("ep_") === true ? json.id : endpoint;
        run += 1;
      }
    }
  } finally {
    await posthorn.close();
  }
  assert.equal(run, written);
  assert.ok(run >= 12);
});
