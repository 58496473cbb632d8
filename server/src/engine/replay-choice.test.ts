import assert from "node:assert/strict";
import { test } from "node:test";
import type { GapReason } from "../model/delivery.ts";
import type { StoredFacts } from "../model/delivery-state.ts";
import { contractOf, endpointOf, eventAt } from "./engine-fixture.ts";
import { isChosen, type Whereabouts, whereaboutsOf } from "./replay-choice.ts";

const NOTHING: StoredFacts = { attempts: [], retries: [], deadLetters: [], gaps: [] };
const OWING = { endpoint: endpointOf(), contract: contractOf("each") };

const inGap = (reason: GapReason): StoredFacts => ({
  ...NOTHING,
  gaps: [{ endpoint: 1, from: 5, to: 5, reason, at: 0 }],
});

test("whereaboutsOf() calls missed what disabling or skipping ended, and nothing else", () => {
  const found = (reason: GapReason) => whereaboutsOf(OWING, eventAt(5), inGap(reason));
  assert.deepEqual(
    (["disabled", "skipped", "cancelled", "superseded", "erased", "expired"] as const).map(found),
    ["missed", "missed", "cancelled", "superseded", "cancelled", "expired"],
  );
});

test("whereaboutsOf() calls missed what came while the endpoint was disabled, if it wanted its type", () => {
  const versions = [{}, { state: "disabled", eventTypes: ["order.*"] }, { eventTypes: undefined }] as const;
  const owing = {
    ...OWING,
    endpoint: endpointOf(versions.map((version, index) => ({ ...version, since: 10 * index + 1 }))),
  };
  const at = (offset: number, type: string) => whereaboutsOf(owing, eventAt(offset, { type }), NOTHING);
  assert.equal(at(15, "order.paid"), "missed");
  assert.equal(at(15, "client.updated"), "not_owed");
  assert.equal(at(25, "client.updated"), "pending");
  assert.equal(whereaboutsOf(owing, eventAt(15, { to: 2 }), NOTHING), "not_owed");
});

test("isChosen() takes nothing from the live lane, and what was delivered only for all", () => {
  const all: readonly Whereabouts[] = [
    "pending",
    "not_owed",
    "delivered",
    "superseded",
    "retrying",
    "rejected",
    "dead",
    "cancelled",
    "expired",
    "missed",
  ];
  assert.deepEqual(
    all.filter((one) => isChosen("dead", one)),
    ["dead"],
  );
  assert.deepEqual(
    all.filter((one) => isChosen("missed", one)),
    ["missed"],
  );
  assert.deepEqual(
    all.filter((one) => isChosen("undelivered", one)),
    all.slice(4),
  );
  assert.deepEqual(
    all.filter((one) => isChosen("all", one)),
    all.slice(2),
  );
});
