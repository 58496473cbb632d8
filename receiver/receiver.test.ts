import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { receiveBspk } from "@posthorn/contracts/bspk/receive";
import type { Outcome } from "@posthorn/contracts/receiving";
import fc from "fast-check";
import { createBspkReceiver } from "./bspk.ts";
import { createBubblehouseReceiver } from "./bubblehouse.ts";
import { type DedupeStore, memoryStore } from "./deduplication.ts";
import { PermanentError } from "./permanent-error.ts";
import { createReceiver, type Receiver } from "./receiver.ts";
import { createSpektrReceiver, type SpektrEvent } from "./spektr.ts";

const secret = "a625a98be58a621c29ffef103083d43e";

type OnEvent = Parameters<typeof createBspkReceiver>[0]["onEvent"];

const requestOf = (body: unknown) => ({
  method: "POST",
  url: "/hooks",
  headers: { "x-bspk-secret": secret },
  payload: Buffer.from(JSON.stringify(body)),
});

function setup(onEvent: OnEvent, given: { dedupe?: DedupeStore; bodyBytesMax?: number } = {}) {
  const errors: unknown[] = [];
  const refusals: string[] = [];
  const receiver = createBspkReceiver({
    secrets: [secret],
    onEvent,
    onError: (error) => errors.push(error),
    onRefused: (reason) => refusals.push(reason),
    ...given,
  });
  const request = requestOf({ event_name: "shopper.created", object: { id: 7 } });
  return {
    receiver,
    request,
    errors,
    refusals,
    status: async () => (await receiver.receive(request)).status,
  };
}

/** Counts its calls, and does in each what it is told to. */
function countingOf<Event>(taking: (event: Event, call: number) => unknown) {
  const taken: Event[] = [];
  const onEvent = async (event: Event) => {
    taken.push(event);
    return taking(event, taken.length) as undefined;
  };
  return { taken, onEvent };
}

describe("createReceiver()", () => {
  it("createReceiver() answers by what onEvent returned or threw", async () => {
    const statuses: [unknown, number][] = [
      [undefined, 204],
      [{ rows: 1 }, 204],
      ["sent", 204],
      ["skipped", 204],
      ["invalid_data", 422],
      ["unsubscribed", 422],
      ["failure", 500],
      ["done", 500],
      ["constructor", 500],
    ];
    for (const [returned, status] of statuses) {
      assert.equal(await setup(countingOf(() => returned).onEvent).status(), status, String(returned));
    }
    const thrown: [unknown, number][] = [
      [new Error("database away"), 500],
      ["text", 500],
      [undefined, 500],
      [new PermanentError("no such shop"), 422],
      [Object.assign(new Error("of another copy"), { name: "PermanentError" }), 422],
    ];
    for (const [error, status] of thrown) {
      const throwing = setup(() => {
        throw error;
      });
      assert.equal(await throwing.status(), status, String(error));
      assert.deepEqual(throwing.errors, [error]);
    }
  });

  it("createReceiver() shows the sender nothing of what onEvent threw", async () => {
    const { receiver, request } = setup(() => {
      throw new Error("password is hunter2");
    });
    assert.doesNotMatch(JSON.stringify(await receiver.receive(request)), /hunter2/);
  });

  it("createReceiver() gives onEvent the exact bytes beside the event", async () => {
    const payloads: string[] = [];
    const { receiver, request } = setup(
      (_, { payload }) => void payloads.push(Buffer.from(payload).toString()),
    );
    const text = '{ "event_name":"cart.created","object":{"id":12345678901234567890} }';
    await receiver.receive({ ...request, payload: Buffer.from(text) });
    assert.deepEqual(payloads, [text]);
  });

  it("createReceiver() calls onEvent for no request that is refused, too long, or no POST", async () => {
    const { taken, onEvent } = countingOf(() => undefined);
    const { receiver, request, refusals } = setup(onEvent, { bodyBytesMax: 100 });
    const answers = [
      await receiver.receive({ ...request, headers: { "x-bspk-secret": "other" } }),
      await receiver.receive({ ...request, payload: Buffer.alloc(101, " ") }),
      await receiver.receive({ ...request, method: "GET" }),
      await receiver.receive({ ...request, payload: Buffer.from("{") }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 413, 405, 422],
    );
    assert.deepEqual([taken, refusals], [[], ["secret_mismatch"]]);
  });
});

describe("createReceiver() with a store", () => {
  it("an event is taken once however often it comes, and every repeat is a success", async () => {
    const { taken, onEvent } = countingOf(() => undefined);
    const { status } = setup(onEvent, { dedupe: memoryStore() });
    assert.deepEqual([await status(), await status(), await status()], [204, 204, 204]);
    assert.equal(taken.length, 1);
  });

  it("an event that failed is taken again, one that was refused for good says so again", async () => {
    const { taken, onEvent } = countingOf((_, call) => (call === 1 ? "failure" : "invalid_data"));
    const { status } = setup(onEvent, { dedupe: memoryStore() });
    assert.deepEqual([await status(), await status(), await status()], [500, 422, 422]);
    assert.equal(taken.length, 3);
  });

  it("an event is remembered after it was taken, so that a crash between the two loses none", async () => {
    const order: string[] = [];
    const dedupe = {
      seen: () => order.push("seen") === 0,
      remember: () => void order.push("remember"),
    };
    await setup(() => void order.push("taken"), { dedupe }).status();
    assert.deepEqual(order, ["seen", "taken", "remember"]);
  });

  it("an event that was not remembered comes again, one not looked up is not taken", async () => {
    const broken = async () => {
      throw new Error("database away");
    };
    const { taken, onEvent } = countingOf(() => undefined);
    const forgetful = setup(onEvent, { dedupe: { seen: () => false, remember: broken } });
    assert.deepEqual([await forgetful.status(), await forgetful.status()], [500, 500]);
    assert.deepEqual([taken.length, forgetful.errors.length], [2, 2]);
    const blind = setup(onEvent, { dedupe: { seen: broken, remember: () => undefined } });
    assert.equal(await blind.status(), 500);
    assert.deepEqual([taken.length, blind.errors.length], [2, 1]);
  });

  it("two requests with one event at the same time share one run and its outcome", async () => {
    const finish = Promise.withResolvers<undefined>();
    const { taken, onEvent } = countingOf(async () => {
      await finish.promise;
      return "failure";
    });
    let asked = 0;
    const half = receiveBspk({ secrets: [secret] });
    const keyOf = async () => {
      asked += 1;
      if (asked === 2) finish.resolve(undefined);
      return "key";
    };
    const options = { onEvent, onError: () => undefined, dedupe: memoryStore() };
    const receiver = createReceiver({ ...half, keyOf }, options);
    const request = requestOf({ event_name: "shopper.created", object: { id: 7 } });
    const answers = await Promise.all([receiver.receive(request), receiver.receive(request)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [500, 500],
    );
    assert.equal(taken.length, 1);
    assert.equal((await receiver.receive(request)).status, 500);
    assert.equal(taken.length, 2);
  });

  it("a repeat from Bubblehouse is skipped, and so lets the queue go on", async () => {
    const { taken, onEvent } = countingOf(() => "sent");
    const key = Buffer.alloc(32, 1).toString("base64");
    // A token without claims, signed by that key.
    const authorization = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.cm8Irw3f5_Kg9Gj_dx0Va_pr7uQ1ksaSioUH4DpAh2w";
    const receiver = createBubblehouseReceiver({ secrets: [key], onEvent, dedupe: memoryStore() });
    const request = { ...requestOf({ bhid: "1", name: "Birthday", customer: {} }), url: "/bh/SendEvent1" };
    const receive = async () => (await receiver.receive({ ...request, headers: { authorization } })).body;
    assert.deepEqual([await receive(), await receive()], ['{"outcome":"sent"}', '{"outcome":"skipped"}']);
    assert.equal(taken.length, 1);
  });
});

describe("createSpektrReceiver()", () => {
  const batch = requestOf({
    results: ["a", "b", "c"].map((id) => ({
      id,
      spektrId: "s",
      eventType: "step_init",
      timestamp: 1,
      data: {},
    })),
  });
  const statusOf = async (receiver: Receiver) => (await receiver.receive(batch)).status;
  const open = { secrets: [], acceptUnsigned: true, onError: () => undefined };

  it("createSpektrReceiver() takes every event of a batch in order, whatever became of others", async () => {
    const { taken, onEvent } = countingOf<SpektrEvent>(({ id }) => (id === "a" ? "failure" : undefined));
    assert.equal(await statusOf(createSpektrReceiver({ ...open, onEvent })), 500);
    assert.deepEqual(
      taken.map(({ id }) => id),
      ["a", "b", "c"],
    );
  });

  it("createSpektrReceiver() runs only the failed event of a batch again", async () => {
    const { taken, onEvent } = countingOf<SpektrEvent>(({ id }, call) =>
      id === "b" && call < 4 ? "failure" : "sent",
    );
    const receiver = createSpektrReceiver({ ...open, onEvent, dedupe: memoryStore() });
    assert.deepEqual(
      [await statusOf(receiver), await statusOf(receiver), await statusOf(receiver)],
      [500, 200, 200],
    );
    assert.deepEqual(
      taken.map(({ id }) => id),
      ["a", "b", "c", "b"],
    );
  });
});

describe("a sender that repeats a batch until it is taken", () => {
  it("createSpektrReceiver() takes every event exactly once, in the order they came first", async () => {
    const plans = fc.array(fc.record({ failures: fc.nat(3), throws: fc.boolean() }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const tries = new Map<string, number>();
        const done: string[] = [];
        const onEvent = ({ id = "" }: SpektrEvent): Outcome => {
          const { failures = 0, throws = false } = plan[Number(id)] ?? {};
          const count = (tries.get(id) ?? 0) + 1;
          tries.set(id, count);
          if (count > failures) {
            done.push(id);
            return "sent";
          }
          if (throws) throw new Error("not now");
          return "failure";
        };
        const options = { secrets: [], acceptUnsigned: true, onError: () => undefined };
        const receiver = createSpektrReceiver({ ...options, onEvent, dedupe: memoryStore() });
        const results = plan.map((_, at) => ({
          id: `${at}`,
          eventType: "step_init",
          timestamp: 1,
          data: {},
        }));
        const requestsMax = 1 + Math.max(0, ...plan.map(({ failures }) => failures));
        for (let request = 1; request <= requestsMax; request += 1) {
          const { status } = await receiver.receive(requestOf({ results }));
          assert.equal(status, request === requestsMax ? 200 : 500);
        }
        assert.deepEqual([...tries.keys()].toSorted(), Object.keys(plan));
        assert.deepEqual(done.toSorted(), Object.keys(plan));
      }),
      { numRuns: 50 },
    );
  });
});

describe("memoryStore()", () => {
  it("memoryStore() forgets the oldest keys first, and takes a key twice", () => {
    const store = memoryStore({ keysMax: 2 });
    for (const key of ["a", "b", "b", "c"]) {
      void store.remember(key);
    }
    assert.deepEqual(
      ["a", "b", "c"].map((key) => store.seen(key)),
      [false, true, true],
    );
    assert.throws(() => memoryStore({ keysMax: 0 }), /keysMax must be a whole number from 1, got 0/);
  });
});
