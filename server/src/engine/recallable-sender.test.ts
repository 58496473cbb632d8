import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OutboundRequest, Sender } from "../outbound/sender.ts";
import { takenLease } from "./engine-fixture.ts";
import { recallable } from "./recallable-sender.ts";

const REQUEST = { url: "https://r.test" } as OutboundRequest;

/** A sender that writes down what goes out. */
function setup(leaseMs: number | undefined, isHeld: boolean) {
  const out: string[] = [];
  const sender: Sender = {
    async send({ url }) {
      out.push(url);
      return { answer: { kind: "timed_out", code: "timeout_headers", detail: "" }, phases: { endMs: 1 } };
    },
    async close() {},
  };
  return { out, ...recallable(sender, takenLease({ leaseMs }), () => isHeld) };
}

describe("recallable()", () => {
  test("lets nothing out that was begun before the lease ended, and uses no retry for it", async () => {
    const { out, sender } = setup(15_000, false);

    const { answer } = await sender.send(REQUEST);

    assert.deepEqual([out.length, answer.kind], [0, "sender_failed"]);
  });

  test("lets out what is sent while the lease is held, or where there is none that ends", async () => {
    for (const { out, sender } of [setup(15_000, true), setup(undefined, false)]) {
      await sender.send(REQUEST);
      assert.equal(out.length, 1);
    }
  });
});
