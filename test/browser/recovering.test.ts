/** What an endpoint missed is recovered, in a real browser, by a receiver that takes its time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const MISSED = 8;

/** Lets so many requests be answered, in all, and the others wait. */
function createGate() {
  let left = 0;
  let waiting: (() => void)[] = [];
  const open = () => {
    const ready = waiting.slice(0, left);
    waiting = waiting.slice(left);
    left -= ready.length;
    ready.forEach((go) => go());
  };
  return {
    pass: async () =>
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        open();
      }),
    let(more: number) {
      left += more;
      open();
    },
  };
}

test("a recovery is seen halfway, waits when it is told to, and goes on from there", { skip }, async (t) => {
  assert.ok(browser);
  const [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  t.after(async () => await Promise.all([browser.close(), server.stop(), receiver.close()]));
  const { client, url } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const { id } = await client.createEndpoint("acme", { url: `${receiver.url}/hooks`, max_in_flight: 1 });
  await client.disableEndpoint("acme", id);
  for (let count = 0; count < MISSED; count += 1) {
    await client.sendEvent("acme", { type: "order.created", data: { count } });
  }
  await client.enableEndpoint("acme", id);
  const gate = createGate();
  receiver.answer(async () => {
    await gate.pass();
    return { status: 200 };
  });
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  await page.goto(`${url}/dashboard/t/acme/endpoints`);
  await page.getByText(`${MISSED} missed`).waitFor();
  await page.getByRole("button", { name: "Recover" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(`${MISSED} missed: they are delivered now, by a replay.`).waitFor();
  await dialog.getByRole("button", { name: "Recover" }).click();
  await dialog.getByText(`A replay of ${MISSED} has begun.`).waitFor();
  await dialog.getByRole("link", { name: "See how far it is" }).click();

  const replay = page.getByRole("listitem").filter({ hasText: "What was missed" });
  await replay.getByText(`0 of ${MISSED} delivered`).waitFor();
  await replay.getByRole("link", { name: `${receiver.url}/hooks` }).waitFor();
  gate.let(MISSED / 2);
  await replay.getByText(`4 of ${MISSED} delivered`).waitFor();
  assert.equal(await replay.getByRole("progressbar").getAttribute("value"), "0.5");
  await assertAccessible(page, "a replay");
  await replay.getByRole("button", { name: "Pause" }).click();
  await dialog.getByRole("button", { name: "Pause" }).click();
  await replay.getByText("paused by request").waitFor();
  // One was on its way.
  gate.let(MISSED);
  await replay.getByText(`5 of ${MISSED} delivered`).waitFor();
  const { data } = await client.listReplays("acme").page();
  assert.deepEqual([data[0]?.state, receiver.arrivals.length], ["paused", 5]);
  await page.reload();
  await replay.getByText(`5 of ${MISSED} delivered`).waitFor();
  await replay.getByRole("button", { name: "Resume" }).click();
  await dialog.getByRole("button", { name: "Resume" }).click();
  await replay.getByText(`${MISSED} of ${MISSED} delivered`).waitFor();
  await replay.getByText("finished").waitFor();
  await until("each was delivered once", () => receiver.arrivals.length === MISSED);
  assert.equal(new Set(receiver.arrivals.map(({ headers }) => headers["webhook-id"])).size, MISSED);
  assert.deepEqual(faults, []);
});
