import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import {
  type AttemptShape,
  type DeliveryShape,
  type EndpointShape,
  type EventShape,
  type PageShape,
  until,
} from "./installation.ts";
import { type Arrival, type Receiver, startReceiver } from "./receiver.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "examples/your-own-contract");
const FILE = "posthorn.config.ts";
const GUIDE = join(ROOT, "docs/guides/your-own-contract.md");
/** A block of code that names its file. */
const CODE = /^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm;

interface Running {
  call<Shape>(method: string, path: string, body?: unknown): Promise<Shape>;
  stop(): Promise<void>;
}

/** Runs `posthorn start` in the example's folder, on a database of its own. */
async function startExample(): Promise<Running> {
  const data = mkdtempSync(join(tmpdir(), "posthorn-example-"));
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, "server/src/cli.ts"), "start"], {
    cwd: EXAMPLE,
    env: {
      ...process.env,
      POSTHORN_PORT: String(port),
      POSTHORN_DATABASE_URL: `sqlite:${join(data, "example.db")}`,
      POSTHORN_LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  await until("it serves", () => said.includes("See what happened") || child.exitCode !== null);
  const [, key] = /^Admin key {2}(\S+)$/m.exec(said) ?? [];
  assert.ok(key, said);
  assert.match(said, /posthorn\.config\.ts: acme$/m);
  return {
    async call(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      assert.ok(response.ok, text);
      return JSON.parse(text);
    },
    async stop() {
      child.kill();
      await once(child, "exit");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Checks a request as an Acme customer would, who has never heard of Posthorn. */
function isSignedBy(secret: string, { headers, body }: Arrival): boolean {
  const [, at, signature] = /^at=(\d+); by=(\S+)$/.exec(String(headers["x-acme-signature"])) ?? [];
  return createHmac("sha512", secret).update(`${at}\n${body}`).digest("base64url") === signature;
}

describe("the contract of docs/guides/your-own-contract.md", { concurrency: 1 }, () => {
  let posthorn: Running;
  let receiver: Receiver;
  let secret: string;

  before(async () => {
    posthorn = await startExample();
    receiver = await startReceiver();
    await posthorn.call("POST", "/v1/tenants", { id: "acme", name: "Acme", contract: "acme" });
    const endpoint = await posthorn.call<EndpointShape>("POST", "/v1/tenants/acme/endpoints", {
      url: `${receiver.url}/hooks`,
    });
    secret = endpoint.secret;
  });
  after(async () => {
    await receiver.close();
    await posthorn.stop();
  });

  /** One event to a receiver that answers so, and its delivery as the API shows it. */
  async function setup(answer: string) {
    receiver.answer(() => ({ status: 200, body: answer }));
    const { id } = await posthorn.call<EventShape>("POST", "/v1/tenants/acme/events", {
      type: "parcel.lost",
      data: { weight: 1.0 },
    });
    const delivery = async (): Promise<DeliveryShape> => {
      const path = `/v1/tenants/acme/events/${id}/deliveries`;
      const [found] = (await posthorn.call<PageShape<DeliveryShape>>("GET", path)).data;
      assert.ok(found);
      return found;
    };
    const attempts = async () =>
      (await posthorn.call<PageShape<AttemptShape>>("GET", `/v1/tenants/acme/attempts?event=${id}`)).data;
    const arrivals = () => receiver.arrivals.filter(({ body }) => body.includes(id));
    return { id, delivery, attempts, arrivals };
  }

  test("the guide shows the files as they are, and the contract has about 40 lines", () => {
    const code = readFileSync(join(EXAMPLE, FILE), "utf8");
    const blocks = [...readFileSync(GUIDE, "utf8").matchAll(CODE)];
    assert.equal(blocks.length, 2);
    for (const [, name = "", shown] of blocks) {
      assert.equal(shown, readFileSync(join(EXAMPLE, name), "utf8"));
    }
    const [, body = ""] = code.split("const acme");
    assert.ok(body.split("\n").filter((line) => line.trim() !== "").length <= 45);
  });

  test("ok: delivered, in Acme's own shape and signed in its own way", async () => {
    const { id, delivery, arrivals } = await setup('{"ok":true}');
    await until("it is delivered", async () => (await delivery()).state === "delivered");

    const [arrival] = arrivals();
    assert.ok(arrival);
    assert.equal(arrival.body, `{"id":"${id}","what":"parcel.lost","details":{"weight":1}}`);
    assert.ok(isSignedBy(secret, arrival));
    assert.equal(isSignedBy("another", arrival), false);
  });

  test("retry_in: the delivery waits a minute, and not the 5 s of the schedule", async () => {
    const { delivery, attempts, arrivals } = await setup('{"ok":false,"retry_in":60}');
    await until("it was tried", async () => (await delivery()).state === "retrying");
    const { id, reason, next_attempt_at: next } = await delivery();
    const [first] = await attempts();
    assert.equal(reason, "receiver_said_later");
    assert.ok(Date.parse(String(next)) - Date.parse(String(first?.started_at)) >= 60_000);

    receiver.answer(() => ({ status: 200, body: '{"ok":true}' }));
    await posthorn.call("POST", `/v1/tenants/acme/deliveries/${id}/retry`);
    await until("it is delivered", async () => (await delivery()).state === "delivered");
    assert.deepEqual(new Set(arrivals().map(({ body }) => body)).size, 1);
    assert.ok(arrivals().every((arrival) => isSignedBy(secret, arrival)));
  });

  test("never: the delivery is rejected and not sent again", async () => {
    const { delivery, arrivals } = await setup('{"ok":false,"retry_in":"never"}');
    await until("it is settled", async () => (await delivery()).state === "rejected");
    assert.equal((await delivery()).reason, "receiver_said_never");
    assert.equal(arrivals().length, 1);
  });

  test("an answer that is none of these is tried again on schedule", async () => {
    const { delivery } = await setup("<html>");
    await until("it was tried", async () => (await delivery()).state === "retrying");
    assert.equal((await delivery()).reason, "status_200");
  });
});
