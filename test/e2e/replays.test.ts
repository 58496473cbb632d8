import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type EventShape, type Installation, install, type PageShape, until } from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { makeEndpoint, type Place, postEvents } from "./steps.ts";

interface ReplayShape {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly matched: number;
  readonly delivered: number;
  readonly failed: number;
}

interface ProblemShape {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

const NO_RETRY = { retry: { delays_ms: [], jitter: 0 } };
const TYPES = ["order.paid", "order.paid", "order.sent", "cart.left"];
// No second one while a test looks at the first.
const VERY_SLOW = 0.01;

describe("a replay", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(() => posthorn.close());

  /** An endpoint to which four events have died. */
  async function setup() {
    const receiver = await startReceiver();
    const place: Place = { posthorn, tenant: await posthorn.tenant("standard") };
    const since = new Date(Date.now() - 60_000).toISOString();
    receiver.answer(() => ({ status: 500 }));
    const endpoint = await makeEndpoint(place, { url: `${receiver.url}/hooks`, ...NO_RETRY });
    const events = TYPES.map((type, n) => ({ type, data: { n } }));
    const { data: posted } = await postEvents<PageShape<EventShape>>(place, events);
    const died = async () => (await list("deliveries?state=dead")).length === posted.length;
    const list = async (what: string) =>
      (await posthorn.call<PageShape<unknown>>("GET", `${place.tenant}/${what}`)).json.data;
    await until("all of them are dead", died);
    receiver.answer(() => ({ status: 200 }));
    const ask = async <Shape = ReplayShape>(more: object) =>
      await posthorn.call<Shape>("POST", `${place.tenant}/replays`, {
        endpoint: endpoint.id,
        since,
        only: "dead",
        ...more,
      });
    const find = async (id: string) =>
      (await posthorn.call<ReplayShape>("GET", `${place.tenant}/replays/${id}`)).json;
    const steer = async <Shape = ReplayShape>(id: string, verb: string) =>
      await posthorn.call<Shape>("POST", `${place.tenant}/replays/${id}/${verb}`);
    const ids = posted.map(({ id }) => id);
    return { receiver, place, endpoint, ids, list, ask, find, steer };
  }

  test("delivers what was dead again, by its types, under the same ids", async (t) => {
    const { receiver, ids, ask, find, list } = await setup();
    t.after(() => receiver.close());

    const { status, json } = await ask({ types: ["order.*"] });
    await until("it is over", async () => (await find(json.id)).state === "finished");

    assert.equal(status, 202);
    const { matched, delivered, failed } = await find(json.id);
    assert.deepEqual([matched, delivered, failed], [3, 3, 0]);
    assert.deepEqual(idsOf(receiver).slice(4).toSorted(), ids.slice(0, 3).toSorted());
    assert.equal((await list("deliveries?state=dead")).length, 1);
  });

  test("that is a dry run counts, sends nothing and is not listed", async (t) => {
    const { receiver, ask, list } = await setup();
    t.after(() => receiver.close());

    const { status, json } = await ask<object>({ dry_run: true });

    assert.deepEqual([status, json], [200, { count: 4 }]);
    assert.equal(receiver.arrivals.length, 4);
    assert.deepEqual(await list("replays"), []);
  });

  test("goes by its rate, shows how far it is, and pauses, resumes and ends as it is told", async (t) => {
    const { receiver, ask, find, steer } = await setup();
    t.after(() => receiver.close());
    const { json } = await ask({ rate: VERY_SLOW });
    await until("the first is delivered", async () => (await find(json.id)).delivered === 1);

    const paused = await steer(json.id, "pause");
    const resumed = await steer(json.id, "resume");
    const cancelled = await steer(json.id, "cancel");
    const again = await steer<ProblemShape>(json.id, "resume");

    assert.deepEqual([paused.json.state, resumed.json.state], ["paused", "running"]);
    assert.deepEqual([cancelled.json.state, cancelled.json.reason], ["cancelled", "by_request"]);
    assert.deepEqual([again.status, again.json.code], [409, "replay_ended"]);
    const { state, delivered } = await find(json.id);
    assert.deepEqual([state, delivered, receiver.arrivals.length], ["cancelled", 1, 5]);
  });

  test("goes on where it was when the server starts again", async (t) => {
    const { receiver, ask, find, ids } = await setup();
    t.after(() => receiver.close());
    const { json } = await ask({ rate: VERY_SLOW });
    await until("the first is delivered", async () => (await find(json.id)).delivered === 1);
    await posthorn.restart();
    await until("a second is delivered", async () => (await find(json.id)).delivered === 2);

    assert.equal(new Set(idsOf(receiver).slice(4)).size, 2);
    assert.equal(
      idsOf(receiver).every((id) => ids.includes(id)),
      true,
    );
  });

  test("to another endpoint sends there, and to nobody else", async (t) => {
    const { receiver, place, ask, find, ids } = await setup();
    const other = await startReceiver();
    t.after(() => Promise.all([receiver.close(), other.close()]));
    const { id: to } = await makeEndpoint(place, { url: `${other.url}/hooks` });

    const { json } = await ask({ to });
    await until("it is over", async () => (await find(json.id)).state === "finished");

    assert.deepEqual(idsOf(other).toSorted(), ids.toSorted());
    assert.equal(receiver.arrivals.length, 4);
  });

  test("that asks for what cannot be is refused by its member, and nothing is stored", async (t) => {
    const { receiver, ask, list } = await setup();
    t.after(() => receiver.close());
    for (const [wrong, pointer] of [
      [{ since: "yesterday" }, "/since"],
      [{ only: "lost" }, "/only"],
      [{ rate: -1 }, "/rate"],
      [{ to: "ep_0000000000000000" }, "/to"],
      [{ types: ["a,b"] }, "/types/0"],
    ] as const) {
      const { status, json } = await ask<ProblemShape>(wrong);
      const pointers = json.errors?.map((error) => error.pointer);
      assert.deepEqual([status, json.code, pointers], [422, "invalid_request", [pointer]]);
    }
    assert.deepEqual(await list("replays"), []);
  });
});

function idsOf({ arrivals }: Receiver): readonly string[] {
  return arrivals.map(({ headers }) => String(headers["webhook-id"]));
}
