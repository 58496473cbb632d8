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
import { type Receiver, startReceiver } from "./receiver.ts";

const LATER = { retry: { delays_ms: [3_600_000], jitter: 0 } };

describe("a person can", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  /** One event, first answered with `status`, and the delivery as the API shows it. */
  async function setup({
    contract,
    endpoint = {},
    status,
  }: {
    contract: string;
    endpoint?: object;
    status: number;
  }) {
    receiver = await startReceiver();
    receiver.answer(() => ({ status }));
    const tenant = await posthorn.tenant(contract);
    const isBubblehouse = contract === "bubblehouse";
    const asked = isBubblehouse ? { settings: { handshake: false } } : endpoint;
    const path = isBubblehouse ? "/:name" : "/hooks";
    await posthorn.call("POST", `${tenant}/endpoints`, { url: `${receiver.url}${path}`, ...asked });
    const event = await post(tenant, 1);
    const delivery = async (of: EventShape = event): Promise<DeliveryShape> => {
      const listed = `${tenant}/events/${of.id}/deliveries`;
      const { json } = await posthorn.call<PageShape<DeliveryShape>>("GET", listed);
      const [found] = json.data;
      assert.ok(found, "the event is owed to an endpoint");
      return found;
    };
    await until("it was tried", async () => (await delivery()).attempts >= 1);
    const command = async (name: string, of: EventShape = event) =>
      await posthorn.call<{ code: string }>(
        "POST",
        `${tenant}/deliveries/${(await delivery(of)).id}/${name}`,
      );
    return { tenant, event, delivery, command };
  }

  async function post(tenant: string, n: number): Promise<EventShape> {
    const body = { type: "Points Updated", data: { customer: { shopid: "1" }, n } };
    return (await posthorn.call<EventShape>("POST", `${tenant}/events`, body)).json;
  }

  test("retry: a delivery that waits an hour goes now, once", async (t) => {
    const { delivery, command } = await setup({ contract: "standard", endpoint: LATER, status: 500 });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 200 }));

    const { status } = await command("retry");
    await until("it is delivered", async () => (await delivery()).state === "delivered");
    const again = await command("retry");

    assert.ok(status < 300);
    assert.deepEqual([again.status, again.json.code], [409, "delivery_settled"]);
    assert.equal(receiver.arrivals.length, 2);
  });

  test("cancel: a waiting delivery ends as cancelled and is never sent", async (t) => {
    const { delivery, command } = await setup({ contract: "standard", endpoint: LATER, status: 500 });
    t.after(() => receiver.close());

    const { status } = await command("cancel");
    await posthorn.restart();
    const { state } = await delivery();
    const retried = await command("retry");

    assert.ok(status < 300);
    assert.equal(state, "cancelled");
    assert.equal(retried.json.code, "delivery_settled");
    assert.equal(receiver.arrivals.length, 1);
  });

  test("replay: a delivered event goes again with the same id and payload", async (t) => {
    const { delivery, command } = await setup({ contract: "standard", status: 200 });
    t.after(() => receiver.close());

    const { status } = await command("replay");
    await until("it came again", () => receiver.arrivals.length === 2);
    await until("it is recorded", async () => (await delivery()).attempts === 2);

    const [first, second] = receiver.arrivals;
    assert.ok(status < 300);
    assert.equal(second?.body, first?.body);
    assert.equal(second?.headers["webhook-id"], first?.headers["webhook-id"]);
  });

  test("replay: one that delivers ends the waiting retry of the same delivery", async (t) => {
    const { delivery, command } = await setup({ contract: "standard", endpoint: LATER, status: 500 });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 200 }));

    await command("replay");
    await until("it is delivered", async () => (await delivery()).state === "delivered");
    await posthorn.restart();
    const retried = await command("retry");

    assert.equal(retried.json.code, "delivery_settled");
    assert.equal(receiver.arrivals.length, 2);
  });

  test("cancel: the head of a held ordered lane gives way to the next", async (t) => {
    const { tenant, command, delivery } = await setup({ contract: "bubblehouse", status: 503 });
    t.after(() => receiver.close());
    const second = await post(tenant, 2);

    await until("the head can be cancelled", async () => (await command("cancel")).status < 300);
    receiver.answer(() => ({ status: 200, body: '{"outcome":"sent"}' }));
    await until("the next is delivered", async () => (await delivery(second)).state === "delivered");

    assert.equal((await delivery()).state, "cancelled");
  });

  test("replay: on an ordered endpoint nothing live goes while the replay runs", async (t) => {
    const { tenant, command, delivery } = await setup({ contract: "bubblehouse", status: 503 });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 200, body: '{"outcome":"sent"}' }));
    await until("the first is delivered", async () => (await delivery()).state === "delivered");
    receiver.answer(() => ({ status: 200, body: '{"outcome":"failure"}' }));
    const from = receiver.arrivals.length;

    await command("replay");
    await until("the replay failed", () => receiver.arrivals.length > from);
    const live = await post(tenant, 2);
    await until("it failed again", () => receiver.arrivals.length > from + 1);
    const whileHeld = receiver.arrivals.slice(from).map(({ body }) => JSON.parse(body).n as number);
    receiver.answer(() => ({ status: 200, body: '{"outcome":"sent"}' }));
    await until("the live one is delivered", async () => (await delivery(live)).state === "delivered");

    assert.deepEqual([...new Set(whileHeld)], [1]);
    assert.equal(JSON.parse(receiver.arrivals.at(-1)?.body ?? "{}").n, 2);
  });
});
