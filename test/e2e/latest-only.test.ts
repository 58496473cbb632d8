import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type DeliveryShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { startReceiver } from "./receiver.ts";

describe("an endpoint that wants only the newest state", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  test("gets the newest of what waited, and the rest is shown as superseded", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const tenant = await posthorn.tenant("standard");
    const asked = { url: `${receiver.url}/hooks`, latest_only_by: "subject" };
    const { json: endpoint } = await posthorn.call<{ id: string }>("POST", `${tenant}/endpoints`, asked);
    await posthorn.call("POST", `${tenant}/endpoints/${endpoint.id}/pause`);
    const events: EventShape[] = [];
    for (const [n, subject] of ["cli_1", "cli_2", "cli_1", "cli_1"].entries()) {
      const body = { type: "client.updated", subject, data: { n } };
      events.push((await posthorn.call<EventShape>("POST", `${tenant}/events`, body)).json);
    }
    const deliveries = async () => {
      const { json } = await posthorn.call<PageShape<DeliveryShape>>("GET", `${tenant}/deliveries`);
      return events.map(({ id }) => json.data.find(({ event_id }) => event_id === id));
    };
    const shown = async () => (await deliveries()).map((found) => `${found?.state} ${found?.reason}`);

    await until("what waited is passed over", async () => (await shown())[2] === "cancelled superseded");
    await posthorn.call("POST", `${tenant}/endpoints/${endpoint.id}/resume`);
    await until("the newest is delivered", async () => (await shown())[3] === "delivered null");
    await until("the other is delivered", async () => (await shown())[1] === "delivered null");

    assert.deepEqual(await shown(), [
      "cancelled superseded",
      "delivered null",
      "cancelled superseded",
      "delivered null",
    ]);
    assert.equal(receiver.arrivals.length, 2);
  });
});
