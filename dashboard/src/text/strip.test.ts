import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adviceFor, diagnosisOf, outcomeText, stepsOf } from "./strip.ts";

type Delivery = Parameters<typeof stepsOf>[0];
type Attempt = Parameters<typeof diagnosisOf>[0];

const AT = "2026-01-02T03:04:05.000Z";
const NOW = Date.parse(AT);

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  id: "att_1",
  number: 1,
  event_id: "evt_1",
  endpoint_id: "ep_1",
  delivery_id: "dlv_1",
  is_replay: false,
  verdict: "retry",
  status: 503,
  error: null,
  error_detail: null,
  started_at: AT,
  duration_ms: 12,
  connected_ms: 1,
  headers_ms: 11,
  answer: null,
  payload_hash: null,
  batch_event_id: null,
  ...change,
});

const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  id: "dlv_1",
  event_id: "evt_1",
  type: "invoice.paid",
  endpoint_id: "ep_1",
  state: "retrying",
  attempts: 1,
  next_attempt_at: "2026-01-02T03:08:17.000Z",
  retries_used: null,
  retries_max: null,
  reason: "status_503",
  accepted_at: AT,
  last_attempt_at: AT,
  ...change,
});

describe("the way of a delivery", () => {
  test("stepsOf() says what was accepted, what was tried, and what comes next", () => {
    const texts = stepsOf(delivery(), [attempt()], NOW).map(({ text }) => text);
    assert.deepEqual(texts, ["accepted", "attempt 1 ✗ 503", "next attempt in 4 m 12 s"]);
  });

  test("stepsOf() says how far the schedule is, where it is used", () => {
    const lastOf = (change: Partial<Delivery>) => stepsOf(delivery(change), [], NOW).at(-1)?.text;
    assert.equal(lastOf({ retries_used: 3, retries_max: 20 }), "next attempt in 4 m 12 s (retry 3 of 20)");
    assert.equal(lastOf({ retries_used: 0, retries_max: 20 }), "next attempt in 4 m 12 s");
  });

  test("stepsOf() says why nothing was tried", () => {
    const lastOf = (change: Partial<Delivery>) => stepsOf(delivery(change), [], NOW).at(-1)?.text;
    assert.equal(lastOf({ state: "cancelled", reason: "superseded" }), "cancelled: superseded");
    assert.equal(lastOf({ state: "expired", reason: null }), "expired");
    assert.equal(lastOf({ state: "pending", reason: "paused" }), "waits until the endpoint is resumed");
    const circuit = { state: "pending", reason: "circuit_open_status_503" } as const;
    assert.equal(lastOf(circuit), "waits because of repeated status 503");
  });

  test("stepsOf() shortens many attempts, and keeps the first and the last", () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      attempt({ number: at + 1, started_at: new Date(NOW + at * 1000).toISOString() }),
    );
    const texts = stepsOf(delivery({ state: "dead" }), many, NOW).map(({ text }) => text);
    assert.equal(texts[1], "attempt 1 ✗ 503");
    assert.equal(texts[2], "15 more");
    assert.deepEqual(texts.slice(-2), ["attempt 20 ✗ 503", "dead"]);
  });

  test("stepsOf() leaves the first out where not all attempts were read, and counts them", () => {
    const many = Array.from({ length: 100 }, (_, at) =>
      attempt({ number: at + 213, started_at: new Date(NOW + at * 1000).toISOString() }),
    );
    const texts = stepsOf(delivery({ state: "dead", attempts: 312 }), many, NOW).map(({ text }) => text);
    assert.deepEqual(texts.slice(0, 3), ["accepted", "308 more", "attempt 309 ✗ 503"]);
  });

  test("stepsOf() says that an attempt is due, and not that the next one was", () => {
    const lastAt = (ms: number) => stepsOf(delivery(), [], Date.parse(AT) + ms).at(-1)?.text;
    assert.equal(lastAt(252_000 + 1000), "next attempt now");
    assert.equal(lastAt(252_000 + 60_000), "next attempt due 1 m ago");
  });

  test("outcomeText() says what failed where the status is not it", () => {
    assert.equal(
      outcomeText(attempt({ verdict: "hold", status: 200, error: "outcome_failure" })),
      "✗ outcome failure",
    );
    assert.equal(outcomeText(attempt({ error: "status_503" })), "✗ 503");
    assert.equal(outcomeText(attempt({ verdict: "delivered", status: 204 })), "✓ 204");
    assert.equal(outcomeText(attempt({ status: null, error: "timeout_headers" })), "✗ timeout headers");
  });

  test("diagnosisOf() does not promise another attempt of what has ended", () => {
    const last = attempt({ status: 500, error: "status_500" });
    assert.match(diagnosisOf(last, "retrying"), /^The receiver answered 500\. It may pass/);
    assert.match(diagnosisOf(last, "dead"), /^The receiver answered 500\. It was the last attempt/);
    assert.match(diagnosisOf(last, "cancelled"), /No attempt followed/);
    assert.match(diagnosisOf(attempt({ verdict: "rejected", status: 422 }), "rejected"), /said never/);
  });

  test("a redirect is said to be a failure, and where to mend it", () => {
    const moved = attempt({ status: 301, error: "status_301" });
    assert.match(diagnosisOf(moved), /^The receiver answered 301, a redirect, which is a failure\. /);
    assert.match(adviceFor(moved) ?? "", /set the endpoint's URL to where it leads/);
  });

  test("diagnosisOf() says the cause in words, and what it means", () => {
    const refused = attempt({
      status: null,
      error: "connection_refused",
      error_detail: "Nothing accepts connections at the receiver's port.",
    });
    assert.equal(
      diagnosisOf(refused),
      "Nothing accepts connections at the receiver's port. It may pass, says the contract.",
    );
    const answered = attempt({ error: "status_503" });
    assert.match(diagnosisOf(answered), /^The receiver answered 503\. /);
    assert.match(adviceFor(refused) ?? "", /start the receiver/);
  });
});
