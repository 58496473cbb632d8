import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type EndpointShape, type EventShape, type Installation, install, until } from "./installation.ts";
import { deliveryOf, makeEndpoint, type Place } from "./steps.ts";

describe("the receiver of a server in development", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(() => posthorn.close());

  async function setUp(contract: string, endpoint: object = {}) {
    const place: Place = { posthorn, tenant: await posthorn.tenant(contract) };
    const at = `${place.tenant}/test-receiver`;
    const { json } = await posthorn.call<{ url: string }>("GET", at);
    const url = contract === "bubblehouse" ? `${json.url}/:name` : json.url;
    const { id } = await makeEndpoint(place, { url, ...endpoint });
    return {
      place,
      answer: async (answer: object) => assert.equal((await posthorn.call("PUT", at, answer)).status, 200),
      /** A sample of the contract's, or of a type of its catalogue. */
      async send(body: { readonly type?: string } = {}): Promise<EventShape> {
        const sent = await posthorn.call<EventShape>("POST", `${place.tenant}/endpoints/${id}/test`, body);
        assert.equal(sent.status, 202, JSON.stringify(sent.json));
        return sent.json;
      },
      lane: async () =>
        (await posthorn.call<EndpointShape>("GET", `${place.tenant}/endpoints/${id}`)).json.lane,
    };
  }

  async function becomes(place: Place, event: EventShape, state: string): Promise<void> {
    await until(`it is ${state}`, async () => (await deliveryOf(place, event)).state === state);
  }

  for (const [contract, endpoint] of [
    ["standard", {}],
    ["bspk", {}],
    ["spektr", {}],
    ["bubblehouse", { settings: { handshake: true } }],
    ["cloudevents", { settings: { handshake: true } }],
  ] as const) {
    test(`takes what ${contract} sends, a handshake too`, async () => {
      const { place, send } = await setUp(contract, endpoint);
      await becomes(place, await send(), "delivered");
    });
  }

  test("fails, and never answers, as it is told", async () => {
    const quick = { timeout_ms: 1000, retry: { delays_ms: [1, 1], jitter: 0 } };
    const { place, answer, send } = await setUp("standard", quick);
    await answer({ status: 500 });
    const failed = await send();
    await becomes(place, failed, "dead");
    assert.equal((await deliveryOf(place, failed)).reason, "status_500");
    await answer({ is_silent: true });
    const unanswered = await send();
    await becomes(place, unanswered, "dead");
    assert.equal((await deliveryOf(place, unanswered)).reason, "timeout_headers");
    await answer({});
    await becomes(place, await send(), "delivered");
  });

  test("answers each outcome of Bubblehouse, and holds its queue", async () => {
    const { place, answer, send, lane } = await setUp("bubblehouse");
    for (const [outcome, state] of [
      ["skipped", "delivered"],
      ["invalid_data", "rejected"],
      ["unsubscribed", "rejected"],
    ] as const) {
      await answer({ body: JSON.stringify({ outcome }) });
      await becomes(place, await send({ type: "Birthday" }), state);
    }
    await answer({ body: '{"outcome":"failure"}' });
    await send({ type: "Birthday" });
    await until("the queue is held", async () => (await lane()).reason === "outcome_failure");
  });
});
