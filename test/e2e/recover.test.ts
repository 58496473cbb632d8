import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type EventShape, type Installation, install, type PageShape, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";
import { makeEndpoint, type Place, postEvents } from "./steps.ts";

interface RecoveredShape {
  readonly missed: number;
  readonly replay: { readonly id: string; readonly state: string } | null;
}

interface ProblemShape {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

const THREE = ["a", "b", "c"].map((tag) => ({
  type: "Points Updated",
  data: { customer: { shopid: "1" }, tag },
}));
const SENT = { status: 200, body: '{"outcome":"sent"}' };
const IS_FIRST = '"tag":"a"';

describe("an endpoint", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(() => posthorn.close());

  async function setup(contract: string, more: object = {}) {
    const receiver = await startReceiver();
    const place: Place = { posthorn, tenant: await posthorn.tenant(contract) };
    const endpoint = await makeEndpoint(place, { url: `${receiver.url}/:name`, ...more });
    const path = `${place.tenant}/endpoints/${endpoint.id}`;
    const post = async () => (await postEvents<PageShape<EventShape>>(place, THREE)).data;
    const act = async <Shape>(verb: string, body?: object) =>
      await posthorn.call<Shape>("POST", `${path}/${verb}`, body);
    const isOver = async (id: string) =>
      (await posthorn.call<{ state: string }>("GET", `${place.tenant}/replays/${id}`)).json.state ===
      "finished";
    return { receiver, path, post, act, isOver };
  }

  test("is sent what it missed while it was disabled, once", async (t) => {
    const { receiver, post, act, isOver } = await setup("standard");
    t.after(() => receiver.close());
    await act("disable");
    const missed = await post();
    await act("enable");
    assert.equal(receiver.arrivals.length, 0);

    const { status, json } = await act<RecoveredShape>("recover");
    assert.deepEqual([status, json.missed], [202, 3]);
    const { id = "" } = json.replay ?? {};
    await until("it is over", () => isOver(id));

    const ids = receiver.arrivals.map(({ headers }) => String(headers["webhook-id"]));
    assert.deepEqual(ids.toSorted(), missed.map((event) => event.id).toSorted());
    const again = await act<RecoveredShape>("recover");
    assert.deepEqual([again.status, again.json], [200, { missed: 0, replay: null }]);
  });

  test("goes on behind the head that is skipped, and recovers it", async (t) => {
    const { receiver, post, act, path, isOver } = await setup("bubblehouse", {
      settings: { handshake: false },
    });
    t.after(() => receiver.close());
    receiver.answer(({ body }) => (body.includes(IS_FIRST) ? { status: 500 } : SENT));
    await post();
    await until("the head was refused", () => receiver.arrivals.length > 0);

    // It may be on its way just now.
    let skipped = await act<{ skipped?: number; code?: string }>("skip");
    await until("it is skipped", async () => {
      skipped = skipped.status === 409 ? await act("skip") : skipped;
      return skipped.status === 200;
    });
    const passed = () => receiver.arrivals.filter(({ body }) => !body.includes(IS_FIRST)).length;
    await until("the others have come", () => passed() === 2);
    assert.deepEqual(skipped.json, { skipped: 1 });
    const { json } = await posthorn.call<{ missed: number }>("GET", path);
    assert.equal(json.missed, 1);

    receiver.answer(() => SENT);
    const recovered = await act<RecoveredShape>("recover");
    await until("it is over", () => isOver(recovered.json.replay?.id ?? ""));
    assert.equal(receiver.arrivals.at(-1)?.body.includes(IS_FIRST), true);
  });

  test("refuses what names no place, no time, or what is not known, by its member", async (t) => {
    const { receiver, act } = await setup("standard");
    t.after(() => receiver.close());
    const future = new Date(Date.now() + 3_600_000).toISOString();
    for (const [verb, body, pointer] of [
      ["skip", {}, ""],
      ["skip", { until: "soon" }, "/until"],
      ["recover", { since: future }, "/since"],
      ["recover", { until: future }, "/until"],
    ] as const) {
      const { status, json } = await act<ProblemShape>(verb, body);
      const pointers = json.errors?.map((error) => error.pointer);
      assert.deepEqual([verb, status, json.code, pointers], [verb, 422, "invalid_request", [pointer]]);
    }
  });
});
