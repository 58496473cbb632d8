import assert from "node:assert/strict";
import { test } from "node:test";
import { changesIn, delaysProblem, draftOf, isReadable } from "./endpoint-draft.ts";
import { withEmptyRow } from "./name-rows.ts";

const ENDPOINT = {
  url: "https://receiver.example/hooks",
  event_types: ["invoice.*"],
  description: null,
  max_in_flight: 4,
  rate_per_second: null,
  timeout_ms: null,
  latest_only_by: null,
  retry: { delays_ms: [5000, 90_000], jitter: 0.07 },
  headers: { "X-Team": "…", Authorization: "…" },
  metadata: { " a ": " b " },
};

function setup() {
  const was = draftOf(ENDPOINT);
  return { was, changed: (part: Partial<typeof was>) => changesIn({ ...was, ...part }, was) };
}

test("changesIn() has nothing of what was not changed, an endpoint's headers neither", () => {
  const { was, changed } = setup();
  assert.deepEqual(changed({}), {});
  assert.deepEqual(changed({ rate: "5" }), { rate_per_second: 5 });
  assert.deepEqual(changed({ headers: withEmptyRow(was.headers) }), {}, "an empty row is no change");
});

test("changesIn() makes what was emptied the default", () => {
  const { changed } = setup();
  assert.deepEqual(changed({ types: " , ", inFlight: "" }), { event_types: null, max_in_flight: null });
});

test("changesIn() has the whole of retries and of metadata, byte for byte what was left alone", () => {
  const { was, changed } = setup();
  assert.equal(was.delays, "5s, 1m30s");
  assert.deepEqual(changed({ delays: "5s,90s" }), {});
  assert.deepEqual(changed({ delays: "5s, 90s, 2h" }), {
    retry: { delays_ms: [5000, 90_000, 7_200_000], jitter: 0.07 },
  });
  assert.deepEqual(changed({ delays: "none", jitter: "" }), { retry: { delays_ms: [], jitter: 0 } });
  assert.deepEqual(changed({ delays: " " }), { retry: null });
  assert.deepEqual(changed({ latestOnlyBy: "subject" }), { latest_only_by: "subject" });
  const [entry] = was.metadata;
  assert.ok(entry);
  const metadata = [entry, { ...entry, key: 1, name: "c", value: "d" }];
  assert.deepEqual(changed({ metadata }), { metadata: { " a ": " b ", c: "d" } });
});

test("isReadable() refuses words for a delay, and two of one name", () => {
  const { was } = setup();
  assert.ok(isReadable(was));
  assert.match(delaysProblem("soon") ?? "", /must be durations/);
  assert.equal(isReadable({ ...was, delays: "soon" }), false);
  for (const member of ["headers", "metadata"] as const) {
    const [row] = was[member];
    assert.ok(row);
    assert.equal(isReadable({ ...was, [member]: [row, { ...row, key: 9 }] }), false, member);
  }
});

test("changesIn() has all headers where one was changed, added or taken away", () => {
  const { was, changed } = setup();
  const [first, second] = was.headers;
  assert.ok(first && second);
  assert.deepEqual(changed({ headers: [second] }), { headers: { Authorization: "…" } });
  assert.deepEqual(changed({ headers: [] }), { headers: {} });
  assert.deepEqual(changed({ headers: [first, { ...second, value: "Bearer 2" }] }), {
    headers: { "X-Team": "…", Authorization: "Bearer 2" },
  });
});
