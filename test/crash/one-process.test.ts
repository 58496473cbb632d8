/** Fault F15: two processes on one database. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ADMIN_KEY, createTenant } from "./api-calls.ts";
import { createLives, type ServerLife } from "./server-life.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COMMAND_LINE = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

interface Setup {
  readonly path: string;
  begin(): ServerLife;
}

function setup(t: TestContext): Setup {
  const folder = temporaryFolder("second");
  const lives = createLives();
  const path = join(folder.path, "posthorn.db");
  t.after(async () => {
    await lives.close();
    folder[Symbol.dispose]();
  });
  return {
    path,
    begin: () => lives.begin({ path, port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined }),
  };
}

/** Runs `posthorn serve` on a database, as a person would, until it ends. */
async function serve(path: string, t: TestContext): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [COMMAND_LINE, "serve"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      POSTHORN_DATABASE_URL: `sqlite:${path}`,
      POSTHORN_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
    },
  });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as readonly unknown[];
  return { code, said };
}

describe("a second process on the same database", { timeout: 300_000 }, () => {
  test("is refused, in words and by its exit code, and the first serves on", async (t) => {
    const { path, begin } = setup(t);
    const first = begin();
    const url = await first.listening;
    assert.ok(url !== undefined, first.said());

    const { code, said } = await serve(path, t);

    assert.equal(code, 1);
    assert.match(
      said,
      /posthorn\.db is in use: .* stop the other one, or give this one a database of its own/,
    );
    await createTenant(url);
  });

  test("may begin as soon as the first was killed", async (t) => {
    const { begin } = setup(t);
    const first = begin();
    assert.ok((await first.listening) !== undefined, first.said());
    first.kill();
    await first.ended;

    const second = begin();

    assert.ok((await second.listening) !== undefined, second.said());
  });
});
