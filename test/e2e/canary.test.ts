/**
 * Invariant 12 over a whole process: what is secret, of a customer or of the installation, is in nothing
 * that the server prints, whatever happens, and in no answer that reports a problem.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { ADMIN_KEY, assertSilent, CANARY, MASTER_KEY, type Process, startProcess } from "./canary-process.ts";
import { until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";

const OWN_CONTRACTS = `
import { defineContract } from "@posthorn/contracts";
import { usualHold } from "@posthorn/contracts/hold-back-off";

const own = (name, misdeeds) => defineContract({
  name,
  discipline: "each",
  catalogue: { kind: "open", eventTypes: [] },
  defaults: { timeoutMs: 500, maxInFlight: 1, retry: { delaysMs: [], jitter: 0 }, hold: usualHold },
  request: ({ url }, [event]) => ({ kind: "request", url, headers: {}, payload: event.data }),
  verdict: () => ({ kind: "delivered" }),
  makeSecret: () => undefined,
  checkEndpoint: () => [],
  ...misdeeds,
});

export const contracts = [
  own("throws", { request: (_endpoint, [event]) => {
    throw new Error(new TextDecoder().decode(event.data), { cause: new TypeError("${CANARY}") });
  } }),
  own("misjudges", { verdict: ({ body }) => new TextDecoder().decode(body) }),
  own("wants-nothing", { checkEndpoint: () => { throw new Error("${CANARY}"); } }),
];
`;

const METRICS = "/metrics";

/** Calls the API; remembers every answer that reports a problem, and the metrics. */
function callerOf({ url }: Process) {
  const problems: string[] = [];
  const call = async (
    method: string,
    path: string,
    sent: { body?: unknown; key?: string; raw?: string; type?: string } = {},
  ) => {
    const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${sent.key ?? ADMIN_KEY}`,
        cookie: `session=${CANARY}`,
        "x-forwarded-for": CANARY,
        ...(body === undefined ? {} : { "content-type": sent.type ?? "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (response.status >= 400 || path === METRICS) {
      problems.push(text + JSON.stringify([...response.headers]));
    }
    const json: { id?: string; key?: string; secret?: string; data?: { attempts: number; state: string }[] } =
      response.headers.get("content-type")?.includes("json") === true ? JSON.parse(text) : {};
    return { status: response.status, json };
  };
  return { call, problems };
}

describe("a canary", () => {
  test("in payloads, headers, secrets and keys reaches no log line, no problem and no argv", async (t) => {
    const posthorn = await startProcess(t, OWN_CONTRACTS);
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const { call, problems } = callerOf(posthorn);
    receiver.answer(({ path }) => ({
      status: path.includes("fails") ? 500 : path.includes("gone") ? 410 : 200,
      headers: { "x-answer": CANARY },
      body: CANARY,
    }));

    await call("POST", "/v1/tenants", { body: { id: "acme", name: CANARY } });
    const made = await call("POST", "/v1/tenants/acme/keys", { body: { name: CANARY } });
    const key = made.json.key ?? "";
    const secret = `whsec_${Buffer.from(CANARY.padEnd(32, "-")).toString("base64")}`;
    const headers = { "x-token": CANARY };
    const contracts = ["standard", "standard", "standard", "throws", "misjudges"];
    for (const [index, contract] of contracts.entries()) {
      const url = `${receiver.url}/${["ok", "fails", "gone", "x", "x"][index]}?token=${CANARY}`;
      const own = contract === "standard" ? { secret, retry: { delays_ms: [], jitter: 0 } } : {};
      const { status } = await call("POST", "/v1/tenants/acme/endpoints", {
        body: { url, contract, headers, description: CANARY, metadata: { note: CANARY }, ...own },
      });
      assert.equal(status, 201);
    }
    const nobody = {
      url: `http://127.0.0.1:${await freePort()}/?${CANARY}`,
      retry: { delays_ms: [], jitter: 0 },
    };
    assert.equal((await call("POST", "/v1/tenants/acme/endpoints", { body: nobody })).status, 201);
    const event = { type: "a", subject: CANARY, idempotency_key: CANARY, data: { passport: CANARY } };
    const { json } = await call("POST", "/v1/tenants/acme/events", { body: event, key });
    assert.equal((await call("POST", "/v1/tenants/acme/events", CLOUD_EVENT)).status, 202);
    await until("every delivery was tried or stopped its lane", async () => {
      const { json: page } = await call("GET", `/v1/tenants/acme/events/${json.id}/deliveries`);
      return (page.data ?? []).filter(({ state }) => state !== "pending").length >= 4;
    });
    await until(
      "the faults are told",
      () => (posthorn.printed().match(/a lane was stopped/g) ?? []).length >= 2,
    );

    await provoke(call, key);
    await sendNoHttp(posthorn);
    await call("DELETE", `/v1/tenants/acme/subjects/${CANARY}`, { key });

    const isLinux = process.platform === "linux";
    const command = isLinux ? readFileSync(`/proc/${posthorn.child.pid}/cmdline`, "latin1") : "";
    posthorn.child.kill("SIGTERM");
    await once(posthorn.child, "exit");
    const printed = posthorn.printed();
    assert.match(printed, /"level":"debug"/);
    assert.match(printed, /a request failed by a fault of ours|"status":500/);
    // The key that the command shows for a person to copy is what `start` is for.
    const logged = printed.split("\n").filter((line) => line.startsWith("{"));
    assert.ok(logged.length > 20);
    assertSilent([CANARY, ADMIN_KEY, MASTER_KEY.slice(0, 15), key, secret, secret.slice(6)], {
      "a log line": logged.join("\n"),
      "a problem, or a metric": problems.join("\n"),
      argv: command,
    });
  });
});

type Call = ReturnType<typeof callerOf>["call"];

const CLOUD_EVENT = {
  body: { specversion: "1.0", id: CANARY, source: "/", type: "a", passport: CANARY },
  type: "application/cloudevents+json",
};

/** Every kind of request that is refused, with the canary wherever it fits. */
async function provoke(call: Call, key: string): Promise<void> {
  const events = "/v1/tenants/acme/events";
  const endpoints = "/v1/tenants/acme/endpoints";
  const statuses: number[] = [];
  assert.equal((await call("GET", METRICS)).status, 200);
  const send = async (method: string, path: string, sent: Parameters<Call>[2]) => {
    statuses.push((await call(method, path, sent)).status);
  };
  await send("POST", events, { raw: `{"type":"a","data":"${CANARY}` });
  await send("POST", events, { body: { type: `${CANARY}\u0000`, data: CANARY } });
  await send("POST", events, { body: { other: CANARY, type: "a", data: 1 } });
  await send("POST", events, { body: { type: "a", data: CANARY, occurred_at: CANARY, expires_at: CANARY } });
  await send("POST", events, { body: { type: "a", data: 2, idempotency_key: CANARY } });
  await send("POST", events, { raw: `{"type":"a","data":"${CANARY.repeat(80_000)}"}` });
  const wrong = { ...CLOUD_EVENT.body, city: `${CANARY}\u0000`, "not-a-name": CANARY, list: [CANARY] };
  await send("POST", events, { ...CLOUD_EVENT, body: wrong });
  await send("POST", endpoints, { body: { url: `ftp://user:${CANARY}@host/?${CANARY}` } });
  await send("POST", endpoints, { body: { url: "https://example.com", secret: CANARY } });
  await send("POST", endpoints, { body: { url: "https://example.com", headers: { "x-a": `${CANARY}\n` } } });
  await send("POST", endpoints, {
    body: { url: `https://example.com/${CANARY}`, contract: "wants-nothing" },
  });
  await send("GET", events, { key: `${key}x` });
  await send("GET", events, { key: `phk_${CANARY}` });
  await send("GET", events, { key: CANARY });
  await send("GET", `/v1/tenants/acme/events/${CANARY}`, {});
  await send("GET", `/v1/${CANARY}?${CANARY}=${CANARY}`, {});
  await send("GET", `${events}?subject=${CANARY}%00`, {});
  await send("GET", `${events}?cursor=${CANARY}`, {});
  await send("POST", "/v1/tenants/acme/keys", { body: { name: CANARY, scopes: ["admin"] } });
  await send("POST", "/v1/tenants", { body: { id: `${CANARY} `, name: CANARY } });
  assert.deepEqual(
    statuses.filter((status) => status < 400),
    [],
    `all are refused: ${statuses}`,
  );
  assert.ok(statuses.includes(500), "a contract's fault is among them");
}

/** Bytes that are no request, and headers that are too large. */
async function sendNoHttp({ url }: Process): Promise<void> {
  for (const text of [`${CANARY} / NOTHTTP\r\n\r\n`, `GET / HTTP/1.1\r\nx: ${CANARY.repeat(3000)}\r\n\r\n`]) {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    socket.on("error", () => {});
    socket.resume();
    await once(socket, "close");
  }
}
