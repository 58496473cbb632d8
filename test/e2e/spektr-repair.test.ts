import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createSpektrReceiver, type SpektrEvent } from "@posthorn/receiver/spektr";
import { type EventShape, type Installation, install, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";

interface ListShape {
  readonly totalResults: number;
  readonly results: readonly { readonly id: string; readonly delivered: boolean }[];
}

describe("what spektr's webhooks missed", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  test("is in the vendor's list under the ids of the webhooks, until it is replayed", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const tenant = await posthorn.tenant("spektr");
    const retry = { delays_ms: [10], jitter: 0 };
    await posthorn.call("POST", `${tenant}/endpoints`, { url: receiver.url, retry });
    const made = await posthorn.call<{ key: string }>("POST", `${tenant}/keys`, { name: "workspace" });
    const list = async (query: string): Promise<{ text: string; json: ListShape }> => {
      const headers = { "x-api-key": made.json.key };
      const text = await (await fetch(`${posthorn.url}/v1/events${query}`, { headers })).text();
      return { text, json: JSON.parse(text) };
    };
    const event = { type: "service_run", subject: "s1", data: { vendorType: "kyckr" } };

    receiver.answer(() => ({ status: 503 }));
    const { json: missed } = await posthorn.call<EventShape>("POST", `${tenant}/events`, event);
    await until("its retries are used up", () => receiver.arrivals.length === 2);
    receiver.answer(() => ({ status: 200 }));
    await posthorn.call("POST", `${tenant}/events`, { ...event, subject: "s2" });
    await until(
      "the next one is delivered",
      async () => (await list("?delivered=true")).json.totalResults === 1,
    );

    const { text, json } = await list("?delivered=false");
    const pushed: ListShape = JSON.parse(receiver.arrivals[0]?.body ?? "");
    assert.deepEqual(
      json.results.map(({ id, delivered }) => [id, delivered]),
      [[pushed.results[0]?.id, false]],
    );
    const repaired: SpektrEvent[] = [];
    const reading = createSpektrReceiver({
      secrets: [],
      acceptUnsigned: true,
      onEvent: (each) => void repaired.push(each),
    });
    await reading.receive({ method: "POST", url: "/", headers: {}, payload: Buffer.from(text) });
    assert.deepEqual(
      repaired.map(({ type, spektrId, id }) => [type, spektrId, id]),
      [["service_run", "s1", pushed.results[0]?.id]],
    );

    const { json: deliveries } = await posthorn.call<{ data: readonly EventShape[] }>(
      "GET",
      `${tenant}/events/${missed.id}/deliveries`,
    );
    await posthorn.call("POST", `${tenant}/deliveries/${deliveries.data[0]?.id}/replay`);
    await until("nothing is missed", async () => (await list("?delivered=false")).json.totalResults === 0);
  });
});
