import assert from "node:assert/strict";
import { test } from "node:test";
import { changesIn, draftOf } from "./endpoint-draft.ts";
import { withEmptyRow } from "./name-rows.ts";

const ENDPOINT = {
  url: "https://receiver.example/hooks",
  event_types: ["invoice.*"],
  description: null,
  max_in_flight: 4,
  rate_per_second: null,
  timeout_ms: null,
  headers: { "X-Team": "…", Authorization: "…" },
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
