import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "./installation.ts";
import { openPage, PAGE_TEST } from "./page.ts";

describe("docs/guides/first-event.md", () => {
  it(
    "sends an event from a program, once, in a type that is known, and looks at it",
    PAGE_TEST,
    async (t) => {
      const { reader, client } = await openPage(t, { path: "docs/guides/first-event.md", ports: [3003] });
      const [key] = await reader.type(/^phk_\w{49}$/m);
      reader.learn("phk_…", key);
      await reader.type(/^/);
      const [, endpoint] = await reader.type(/^listening as (ep_\w+)$/m);

      const [line, id] = await reader.type(/^accepted (evt_\w+) 2.+Z$/m);
      await reader.see("terminal 1", new RegExp(`^received ${id} order.shipped .*"carrier":"hare"`, "m"));
      const [again] = await reader.type(/^accepted .*$/m);
      assert.equal(again, line);
      await reader.type(/^refused idempotency_key_reused/m);

      const [said] = await reader.type(/^registered order.shipped 1\n[\s\S]*^refused schema_mismatch .*$/m);
      assert.match(said, /\/data\/carrier must be /);
      await reader.type(new RegExp(`^${id} order.shipped\n  to ${endpoint} delivered attempts: 1$`, "m"));
      assert.equal((await Array.fromAsync(client.listEvents("acme"))).length, 1);
      assert.equal(reader.left(), 0);
    },
  );
});

describe("docs/guides/receive.md", () => {
  const path = "docs/guides/receive.md";

  it(
    "receives BSPK, spektr and Bubblehouse, each once, and refuses who is not the sender",
    PAGE_TEST,
    async (t) => {
      const { reader } = await openPage(t, { path, ports: [3004, 3005, 3006] });
      const [, bspkSecret] = await reader.type(/"secret":"(\w{32,})"/);
      reader.learn("BSPK_SECRET=…", `BSPK_SECRET=${bspkSecret}`);
      await reader.type(/^listening$/m);
      const [bspk] = await reader.type(/^[\s\S]*\{"error":"\w+"\}/);
      assert.equal(
        bspk.match(/^bspk: shopper\.deleted 123$/gm)?.length,
        1,
        "the repeat is answered, not taken",
      );
      assert.equal(bspk.match(/^dlv_\w+ +delivered +1 /gm)?.length, 2);
      assert.match(bspk, /^bspk: refused, secret_mismatch$/m);

      const [, endpoint, spektrSecret] = await reader.type(/"id":"(ep_\w+)".*"secret":"([^"]+)"/);
      reader.learn("SPEKTR_SECRET=…", `SPEKTR_SECRET=${spektrSecret}`);
      reader.learn("ep_…", endpoint);
      await reader.type(/^listening$/m);
      const [spektr] = await reader.type(/^[\s\S]*finished: 1 delivered, 0 failed/);
      assert.equal(spektr.match(/^spektr: process_run_start of 67f4bf8e4ff7a23d1a1a2f01$/gm)?.length, 1);

      await reader.type(/^listening$/m);
      await reader.type(/"contract":"bubblehouse".*"secret":/);
      // The receiver says it before the table is printed, and before or after the command says what it sent.
      await reader.type(/^bubblehouse: Points Updated sent$[\s\S]* delivered [\s\S]* rejected /m);
      assert.equal(reader.left(), 0);
    },
  );
});

describe("docs/guides/outages.md", () => {
  const path = "docs/guides/outages.md";

  it("goes through an outage: retries, death, a replay, a pause, what was missed", PAGE_TEST, async (t) => {
    const { reader, client } = await openPage(t, { path, ports: [3007] });
    const [, endpoint = ""] = await reader.type(/"id":"(ep_\w+)"[\s\S]*\}evt_\w+\nevt_\w+\n/);
    reader.learn("ep_…", endpoint);
    await until("both were tried", async () => {
      const deliveries = await Array.fromAsync(client.listDeliveries("acme", { state: "retrying" }));
      return deliveries.length === 2;
    });
    await reader.type(/( retrying +\d .*connection_refused[\s\S]*){2}/);
    await reader.type(/"waiting": 2,/);
    const [dead] = await reader.type(/(^dlv_\w+ +dead .*\n){2}/m);
    assert.equal(dead.match(/ 10 .*connection_refused/g)?.length, 2, dead);

    await reader.type(/^listening$/m);
    await reader.type(/^2$/m);
    const [replayed] = await reader.type(/^[\s\S]*finished: 2 delivered, 0 failed/);
    assert.equal(replayed.match(/^parcel evt_\w+$/gm)?.length, 2);

    await reader.type(/ paused\nevt_\w+\n[\s\S]* enabled\n/);
    await until(
      "what waited was sent",
      async () => (await client.getEndpoint("acme", endpoint)).lane.waiting === 0,
    );
    await reader.type(/ disabled\nevt_\w+\n[\s\S]* enabled\n[\s\S]*finished: 1 delivered, 0 failed/);
    assert.equal(reader.left(), 0);
  });
});
