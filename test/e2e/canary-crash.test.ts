/** Invariant 12 where the process ends: by what nobody caught, or before it began. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { ADMIN_KEY, assertSilent, CANARY, MASTER_KEY, startProcess } from "./canary-process.ts";

const CLI = join(import.meta.dirname, "../../server/src/cli.ts");
const EXIT_FAULT = 70;

/** Contracts that throw when nobody can catch it any more, with the payload in everything that is thrown. */
const CRASHING = `
import { defineContract } from "@posthorn/contracts";
import { usualHold } from "@posthorn/contracts/hold-back-off";

const own = (name, crash) => defineContract({
  name,
  discipline: "each",
  catalogue: { kind: "open", eventTypes: [] },
  defaults: { timeoutMs: 500, maxInFlight: 1, retry: { delaysMs: [], jitter: 0 }, hold: usualHold },
  request({ url, secrets }, [event]) {
    crash(new TextDecoder().decode(event.data), secrets);
    return { kind: "request", url, headers: {}, payload: event.data };
  },
  verdict: () => ({ kind: "delivered" }),
  makeSecret: () => undefined,
  checkEndpoint: () => [],
});

const faultOf = (text, secrets) =>
  Object.assign(new TypeError(text, { cause: new Error(text) }), { code: text, payload: text, secrets });

export const contracts = [
  own("throws", (text, secrets) => setTimeout(() => { throw faultOf(text, secrets); })),
  own("rejects", (text, secrets) => { Promise.reject(faultOf(text, secrets)); }),
  own("throws-text", (text) => setTimeout(() => { throw text; })),
  own("parses", (text) => setTimeout(() => JSON.parse(text.slice(1)))),
];
`;

describe("a process that ends by what nobody caught", () => {
  for (const contract of ["throws", "rejects", "throws-text", "parses"]) {
    test(`says where it was, and nothing of what was thrown (${contract})`, async (t) => {
      const { child, url, printed } = await startProcess(t, CRASHING);
      const ended = once(child, "exit");
      const post = async (path: string, body: object) => {
        const headers = { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" };
        await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => {});
      };
      await post("/v1/tenants", { id: "acme", name: "Acme" });
      await post("/v1/tenants/acme/endpoints", {
        url: `http://127.0.0.1:${await freePort()}/?${CANARY}`,
        contract,
      });
      await post("/v1/tenants/acme/events", { type: "a", data: { passport: CANARY } });

      const [code] = await ended;

      const logged = printed()
        .split("\n")
        .slice(
          printed()
            .split("\n")
            .findIndex((line) => line.startsWith("{")),
        );
      assert.equal(code, EXIT_FAULT);
      assert.match(
        logged.join("\n"),
        /"message":"something was thrown that nobody caught: this process ends"/,
      );
      assertSilent([CANARY, ADMIN_KEY, MASTER_KEY.slice(0, 15)], { "what it printed": logged.join("\n") });
    });
  }
});

describe("a process that does not start", () => {
  const WRONG = {
    POSTHORN_MASTER_KEY: CANARY,
    POSTHORN_MASTER_KEY_OLD: `${MASTER_KEY},${CANARY}`,
    POSTHORN_ADMIN_KEY: CANARY,
    POSTHORN_EGRESS_PROXY: `https://user:${CANARY}@proxy`,
    POSTHORN_DATABASE_URL: `mysql://user:${CANARY}@db/x`,
  };
  const cases: readonly (readonly [readonly string[], Readonly<Record<string, string>>])[] = [
    [["serve"], WRONG],
    [["start"], { POSTHORN_MASTER_KEY_FILE: CANARY, POSTHORN_ADMIN_KEY: `${CANARY}\u00e9`.repeat(9) }],
    [["keys", "rotate-master"], WRONG],
    [["--help"], WRONG],
    [["unknown"], WRONG],
  ];

  test("says which variable is wrong, and nothing of a secret in it", () => {
    for (const [args, env] of cases) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        encoding: "utf8",
        cwd: tmpdir(),
        env: { PATH: process.env["PATH"], ...env },
        timeout: 60_000,
      });
      assert.equal(status === 0, args[0] === "--help", `${args} ${Object.keys(env)} ended with ${status}`);
      assertSilent([CANARY, MASTER_KEY.slice(0, 15), ADMIN_KEY], {
        [`what posthorn ${args.join(" ")} printed`]: stdout + stderr,
      });
    }
  });
});
