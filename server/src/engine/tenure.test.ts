import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createManualClock, takenLease } from "./engine-fixture.ts";
import { createTenure } from "./tenure.ts";

const LEASE_MS = 15_000;

/** A tenure whose renewals are answered by hand. */
function setup(leaseMs: number | undefined) {
  const clock = createManualClock();
  const asked: PromiseWithResolvers<"renewed" | "fenced">[] = [];
  const heard: string[] = [];
  const tenure = createTenure(takenLease({ epoch: 7, leaseMs }), {
    store: {
      renewLease() {
        const answer = Promise.withResolvers<"renewed" | "fenced">();
        asked.push(answer);
        return answer.promise;
      },
      releaseLease: async () => void heard.push("released"),
    },
    clock,
    onRenewed: () => heard.push("renewed"),
    onEnded: () => heard.push("ended"),
    onLost: () => heard.push("lost"),
    onFault: ({ what }) => heard.push(what),
  });
  const answer = async (result: "renewed" | "fenced" | Error) => {
    const last = asked.at(-1);
    assert.ok(last);
    if (result instanceof Error) {
      last.reject(result);
    } else {
      last.resolve(result);
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, tenure, asked, heard, answer };
}

describe("createTenure()", () => {
  test("has no time before the first renewal, and then until a third of the lease is left", async () => {
    const { clock, tenure, answer, heard } = setup(LEASE_MS);
    tenure.start();
    assert.equal(tenure.hasTime(), false);

    clock.pass(1000);
    await answer("renewed");

    // Counted from when it was asked.
    assert.equal(tenure.hasTime(), true);
    clock.pass(8999);
    assert.equal(tenure.hasTime(), true);
    clock.pass(1);
    assert.equal(tenure.hasTime(), false);
    assert.deepEqual(heard, ["renewed"]);
  });

  test("renews when a third has passed, and again a second after that failed", async () => {
    const { clock, tenure, asked, answer, heard } = setup(LEASE_MS);
    tenure.start();
    await answer("renewed");

    clock.pass(4999);
    assert.equal(asked.length, 1);
    clock.pass(1);
    assert.equal(asked.length, 2);
    await answer(new Error("the store is not available"));
    clock.pass(999);
    assert.equal(asked.length, 2);
    clock.pass(1);
    assert.equal(asked.length, 3);
    await answer("renewed");

    assert.deepEqual(heard, ["renewed", "renew_failed", "renewed"]);
    assert.equal(tenure.hasTime(), true);
  });

  test("has no time when the wall clock has jumped ahead, as after a suspended machine", async () => {
    const { clock, tenure, answer } = setup(LEASE_MS);
    tenure.start();
    await answer("renewed");

    clock.jump(60_000);

    assert.equal(tenure.hasTime(), false);
  });

  test("tells when the lease ends that was not renewed, and goes on when it is renewed again", async () => {
    const { clock, tenure, answer, heard } = setup(LEASE_MS);
    tenure.start();
    await answer("renewed");
    clock.pass(5000);
    await answer(new Error("the store is not available"));

    clock.pass(LEASE_MS - 5001);
    assert.deepEqual(heard, ["renewed", "renew_failed"]);
    clock.pass(1);
    assert.deepEqual(heard, ["renewed", "renew_failed", "lease_ended", "ended"]);
    await answer("renewed");

    assert.equal(tenure.hasTime(), true);
  });

  test("tells once that the lease is lost, and renews no more", async () => {
    const { clock, tenure, asked, answer, heard } = setup(LEASE_MS);
    tenure.start();
    await answer("fenced");
    clock.pass(60_000);

    assert.deepEqual([heard, asked.length, tenure.hasTime()], [["ended", "lost"], 1, false]);
  });

  test("ends: gives the lease up and renews it no more, also while a renewal is under way", async () => {
    const { clock, tenure, asked, answer, heard } = setup(LEASE_MS);
    tenure.start();
    await tenure.end();
    assert.deepEqual(heard, ["released"]);
    await answer("renewed");
    clock.pass(60_000);

    assert.equal(asked.length, 1);
  });

  test("asks nothing of a store whose leases do not end", () => {
    const { tenure, asked } = setup(undefined);
    tenure.start();

    assert.deepEqual([tenure.hasTime(), asked.length], [true, 0]);
  });
});
