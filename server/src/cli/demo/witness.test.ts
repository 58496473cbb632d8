import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ReceivedEvent, ReceivedRequest } from "@posthorn/contracts/receiving";
import type { Report, Tally } from "./protocol.ts";
import type { Sample } from "./samples.ts";
import { createWitness } from "./witness.ts";

const SAMPLES: readonly Sample[] = [1, 2, 3].map((round) => ({
  event: { type: "a", data: { contextId: `run-${round}` }, subject: "s" },
  name: `run-${round}`,
  isRefused: round === 3,
}));

/** A witness at a receiver of spektr's, whose first request always fails. */
function setup() {
  const reports: Report[] = [];
  const witness = createWitness("spektr", SAMPLES, (report) => reports.push(report));
  const tally = (): Tally | undefined =>
    reports.flatMap((report) => (report.kind === "tally" ? [report.tally] : [])).at(-1);

  /** Gives the receiver a request with these runs, each as published but for what is changed. */
  async function send(runs: readonly number[], changed: object = {}): Promise<void> {
    const request: ReceivedRequest = { method: "POST", url: "/", headers: {}, payload: new Uint8Array() };
    const receiver = witness.watch({
      bodyBytesMax: 1,
      methods: ["POST"],
      async receive(received) {
        for (const run of runs) {
          witness.take({ ...eventOf(run), ...changed }, received);
        }
        return { status: 200, headers: {}, body: "" };
      },
    });
    await receiver.receive(request);
  }
  return { witness, reports, tally, send };
}

function eventOf(run: number): ReceivedEvent & { readonly spektrId: string } {
  const data = { contextId: `run-${run}` };
  return { id: "1", type: "a", name: "a", occurredAt: undefined, data, spektrId: "s" };
}

describe("createWitness()", () => {
  test("createWitness() counts what was taken and refused, after what failed", async () => {
    const { tally, send } = setup();
    await send([1, 2]);
    assert.equal(tally()?.received, 0);
    await send([1, 2]);
    await send([3]);
    assert.deepEqual(tally(), {
      requests: 3,
      verified: 3,
      received: 2,
      refused: 1,
      duplicates: 0,
      inversions: 0,
    });
  });

  test("createWitness() counts what comes again, and what comes too late", async () => {
    const { tally, send } = setup();
    await send([2]);
    await send([2, 1]);
    await send([2]);
    assert.deepEqual([tally()?.duplicates, tally()?.inversions], [1, 1]);
  });

  for (const [name, changed] of [
    ["another type", { name: "b" }],
    ["other data", { data: { contextId: "run-1", more: 1 } }],
    ["data of nothing that was published", { data: { contextId: "run-9" } }],
    ["another subject", { spektrId: "t" }],
  ] as const) {
    test(`createWitness() does not count as verified what comes with ${name}`, async () => {
      const { tally, send } = setup();
      await send([1]);
      await send([1], changed);
      assert.deepEqual([tally()?.requests, tally()?.verified, tally()?.received], [2, 1, 0]);
    });
  }

  test("createWitness() does not count as verified what the receiver refused", async () => {
    const { witness, reports, tally } = setup();
    const receiver = witness.watch({
      bodyBytesMax: 1,
      methods: ["POST"],
      async receive(request) {
        witness.refuse("signature_wrong", request);
        return { status: 401, headers: {}, body: "" };
      },
    });
    await receiver.receive({ method: "POST", url: "/", headers: {}, payload: new Uint8Array() });
    assert.deepEqual([tally()?.requests, tally()?.verified], [1, 0]);
    assert.ok(
      reports.some((report) => report.kind === "line" && report.text.includes("signature_wrong → 401")),
    );
  });
});
