import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type Contract, type Discipline, defineContract } from "@posthorn/contracts/contract";
import { usualHold } from "@posthorn/contracts/hold-back-off";
import {
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { makeEndpoint, postEvents } from "./steps.ts";

function contractOf(discipline: Discipline, misdone: Partial<Contract> = {}): Contract {
  return defineContract({
    name: `own-${discipline}`,
    discipline,
    catalogue: { kind: "open", eventTypes: [] },
    defaults: {
      timeoutMs: 5_000,
      maxInFlight: 1,
      retry: { delaysMs: [50, 50, 50], jitter: 0 },
      hold: usualHold,
    },
    request: ({ url }, events) => ({
      kind: "request",
      url,
      headers: {},
      payload: Buffer.concat(events.map(({ data }) => data)),
    }),
    verdict: () => ({ kind: "delivered" }),
    ...(discipline === "batched"
      ? { batchLimits: () => ({ eventsMax: 1, bytesMax: 10_000, waitMs: 0 }) }
      : {}),
    makeSecret: () => undefined,
    checkEndpoint: () => [],
    ...misdone,
  });
}

/** What plain JavaScript returns where TypeScript would not. */
function untyped(result: unknown): never {
  // @ts-expect-error -- a user's contract may be plain JavaScript
  return result;
}

function throwCanary(): never {
  throw new Error("canary");
}

const request = { kind: "request", url: "http://127.0.0.1:9/", headers: {}, payload: new Uint8Array() };

const MISDEEDS: readonly (readonly [string, Partial<Contract>, string])[] = [
  ["throws in request()", { request: throwCanary }, "contract_request_threw"],
  [
    "returns a promise",
    { request: () => untyped(Promise.reject(new Error("canary"))) },
    "contract_request_invalid",
  ],
  [
    "has an illegal header",
    { request: () => untyped({ ...request, headers: { a: "b\r\nc" } }) },
    "contract_request_invalid",
  ],
  [
    "makes a huge payload",
    { request: () => untyped({ ...request, payload: new Uint8Array(17 * 1024 * 1024) }) },
    "contract_request_invalid",
  ],
  ["throws in verdict()", { verdict: throwCanary }, "contract_verdict_threw"],
  ["returns no verdict", { verdict: () => untyped("delivered") }, "contract_verdict_invalid"],
];

describe("a lane whose contract fails", { concurrency: 1 }, () => {
  const opened: (Installation | Receiver)[] = [];
  after(async () => {
    for (const one of opened.toReversed()) {
      await one.close();
    }
  });

  /** A server with a contract that does what it may not, an endpoint of it, and one of another contract. */
  async function setup(contract: Contract) {
    const posthorn = await install({ contracts: [contract] });
    const receiver = await startReceiver();
    opened.push(posthorn, receiver);
    const place = { posthorn, tenant: await posthorn.tenant("standard") };
    const { id } = await makeEndpoint(place, { url: `${receiver.url}/own`, contract: contract.name });
    await makeEndpoint(place, { url: `${receiver.url}/other` });
    const lane = async () =>
      (await posthorn.call<EndpointShape>("GET", `${place.tenant}/endpoints/${id}`)).json.lane;
    const bodiesAt = (path: string) =>
      receiver.arrivals.filter((arrival) => arrival.path === path).map(({ body }) => body);
    const post = async (...ids: number[]) =>
      await postEvents<PageShape<EventShape>>(
        place,
        ids.map((number) => ({ type: "a", data: { number } })),
      );
    return { posthorn, receiver, place, id, lane, bodiesAt, post };
  }

  for (const discipline of ["each", "batched", "ordered"] as const) {
    for (const [name, misdone, reason] of MISDEEDS) {
      test(`${discipline}: one that ${name} stops, others go on; once mended, all arrives`, async () => {
        const { posthorn, lane, bodiesAt, post } = await setup(contractOf(discipline, misdone));
        await post(1, 2);
        await until("it is stopped", async () => (await lane()).needs_attention);
        await post(3);
        await until("the other endpoint has everything", () => bodiesAt("/other").length === 3);

        const stopped = await lane();
        const sent = bodiesAt("/own").length;
        assert.deepEqual([stopped.reason, stopped.waiting, stopped.next_probe_at], [reason, 3, null]);
        // Only what verdict() got wrong has been sent, once.
        assert.equal(sent, "verdict" in misdone ? 1 : 0);

        await posthorn.restart({ contracts: [contractOf(discipline)] });
        await until("everything arrived", () => bodiesAt("/own").length === sent + 3);
        // What came of the last request is durable a moment after it has arrived.
        await until("nothing waits", async () => (await lane()).waiting === 0);
        assert.equal((await lane()).needs_attention, false);
        const expected = [1, 2, 3].map((number) => `{"number":${number}}`);
        assert.deepEqual(bodiesAt("/own").slice(sent), expected);
      });
    }
  }

  test("batchLimits() that throws stops its own endpoints only, and does not stop routing", async () => {
    const { lane, bodiesAt, post } = await setup(contractOf("batched", { batchLimits: throwCanary }));
    await post(1);
    await until("the other endpoint has it", () => bodiesAt("/other").length === 1);
    const { needs_attention: isStopped, reason, waiting } = await lane();
    assert.deepEqual([isStopped, reason, waiting], [true, "contract_batch_limits_threw", 1]);
  });

  test("a person cancels the one event that a contract cannot bear, and the lane goes on", async () => {
    const ordered = contractOf("ordered", {
      request: (endpoint, events, attempt) =>
        events.some(({ data }) => Buffer.from(data).includes("13"))
          ? throwCanary()
          : contractOf("ordered").request(endpoint, events, attempt),
    });
    const { posthorn, place, id, lane, bodiesAt, post } = await setup(ordered);
    const { data: events } = await post(12, 13, 14);
    await until("it is stopped", async () => (await lane()).needs_attention);

    const [, poison] = events;
    const { json } = await posthorn.call<PageShape<{ id: string; endpoint_id: string }>>(
      "GET",
      `${place.tenant}/events/${poison?.id}/deliveries`,
    );
    const delivery = json.data.find((one) => one.endpoint_id === id);
    const cancelled = await posthorn.call("POST", `${place.tenant}/deliveries/${delivery?.id}/cancel`);

    assert.ok(cancelled.status < 300, JSON.stringify(cancelled.json));
    await until("the next one arrived", () => bodiesAt("/own").length === 2);
    assert.deepEqual(bodiesAt("/own"), ['{"number":12}', '{"number":14}']);
    assert.equal((await lane()).needs_attention, false);
  });

  test("a contract may send to any URL, and the guard judges it as any other", async () => {
    const elsewhere = contractOf("each", {
      request: () => ({ ...request, kind: "request", url: "http://10.0.0.5/", headers: {} }),
      verdict: (answer) =>
        answer.kind === "status" ? { kind: "delivered" } : { kind: "rejected", reason: answer.code },
    });
    const { posthorn, place, id, bodiesAt, post } = await setup(elsewhere);
    await post(1);
    const attempts = async () =>
      (
        await posthorn.call<PageShape<{ error: string }>>("GET", `${place.tenant}/attempts?endpoint=${id}`)
      ).json.data.map(({ error }) => error);
    await until("it is settled", async () => (await attempts()).length === 1);
    assert.deepEqual(await attempts(), ["address_not_allowed"]);
    assert.deepEqual(bodiesAt("/own"), []);
  });

  test("a contract that is gone keeps its lane, and delivers when it is back", async () => {
    const contract = contractOf("each");
    const { posthorn, lane, bodiesAt, post } = await setup(contract);
    await posthorn.restart({});
    await post(1);
    await until("the other endpoint has it", () => bodiesAt("/other").length === 1);
    const { needs_attention: isStopped, reason } = await lane();
    assert.deepEqual([isStopped, reason], [true, "contract_unknown"]);

    await posthorn.restart({ contracts: [contract] });
    await until("it arrived", () => bodiesAt("/own").length === 1);
  });
});
