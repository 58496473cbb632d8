import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { receiveSpektr, type SpektrEvent } from "./receive.ts";

const secret = "5f".repeat(32);
const at = 1_773_480_414_000;

function setup(results: unknown) {
  const half = receiveSpektr({ secrets: [secret], now: () => at });
  const payload = Buffer.from(JSON.stringify({ results }));
  const timestamp = String(at / 1_000);
  const headers = {
    "x-signature-alg": "sha256",
    "x-signature-timestamp": timestamp,
    "x-signature": createHmac("sha256", secret).update(`${timestamp}.`).update(payload).digest("hex"),
  };
  const request = { method: "POST", url: "/", headers, payload };
  const parsed = half.parse(request);
  const events: readonly SpektrEvent[] = parsed.kind === "events" ? parsed.events : [];
  return { half, request, parsed, events };
}

const entry = (eventType: string, data: object = {}, others: object = {}) => ({
  id: "63b0cd7f0000000000000001",
  spektrId: "63b0cd7f0000000000000002",
  eventType,
  timestamp: at,
  workspaceId: "559a",
  data,
  ...others,
});

describe("receiveSpektr()", () => {
  it("receiveSpektr() refuses a signature cut, longer, in capitals or of another algorithm", async () => {
    const { half, request } = setup([]);
    assert.deepEqual(await half.verify(request), { kind: "ok" });
    const right = request.headers["x-signature"];
    const changes = [
      { "x-signature": right.slice(2) },
      { "x-signature": `${right}00` },
      { "x-signature": right.toUpperCase() },
      { "x-signature-alg": "sha512" },
      { "x-signature-alg": "none" },
    ];
    for (const change of changes) {
      const changed = { ...request, headers: { ...request.headers, ...change } };
      assert.equal((await half.verify(changed)).kind, "refused", JSON.stringify(change));
    }
  });

  it("receiveSpektr() takes unsigned requests only where it is told to, and has no secret", async () => {
    const request = { ...setup([]).request, headers: {} };
    assert.deepEqual(await receiveSpektr({ secrets: [], acceptUnsigned: true }).verify(request), {
      kind: "ok",
    });
    const half = receiveSpektr({ secrets: [secret], acceptUnsigned: true });
    assert.deepEqual(await half.verify(request), { kind: "refused", reason: "signature_missing" });
    assert.throws(() => receiveSpektr({ secrets: [undefined] }), /needs at least one secret/);
  });

  it("parse() gives every event of a batch in order, with its customer, workspace and time", () => {
    const { events } = setup([entry("step_init", { stepId: "1" }), entry("step_submit", { stepId: "2" })]);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["step_init", "step_submit"],
    );
    assert.deepEqual(events[0], {
      id: "63b0cd7f0000000000000001",
      type: "step_init",
      name: "step_init",
      occurredAt: new Date(at),
      data: { stepId: "1" },
      spektrId: "63b0cd7f0000000000000002",
      workspaceId: "559a",
    });
  });

  it("parse() knows the names of headings and older pages", () => {
    const names = ["alert_created", "customer_tag_added", "customer_tag_removed", "customer_tagged"];
    const { events } = setup(names.map((name) => entry(name)));
    assert.deepEqual(
      events.map(({ type, name }) => [type, name]),
      [
        ["alert_escalated", "alert_created"],
        ["customer_tag_add", "customer_tag_added"],
        ["customer_tag_remove", "customer_tag_removed"],
        ["unknown", "customer_tagged"],
      ],
    );
  });

  it("parse() tells an alert that was raised from a resolved one, though both say so", () => {
    const typeOf = (data: object) => setup([entry("alert_resolved", data)]).events[0]?.type;
    assert.equal(typeOf({ status: "open", userId: "u" }), "alert_escalated");
    assert.equal(typeOf({ alertType: "manual_review" }), "alert_escalated");
    assert.equal(typeOf({ datasetId: "d", userId: null }), "alert_escalated");
    assert.equal(typeOf({ alertType: "manual_review", userId: "u" }), "alert_resolved");
    assert.equal(typeOf({ alertId: "a", alertType: null }), "alert_resolved");
  });

  it("parse() reads the older shape, times in seconds, and a missing workspace", () => {
    const { events } = setup([
      { id: "1", type: "step_init", createdAt: at, data: {} },
      entry("step_init", {}, { timestamp: at / 1_000, workspaceId: undefined }),
      entry("step_init", {}, { timestamp: 9e99 }),
    ]);
    assert.deepEqual(
      events.map(({ type, occurredAt }) => [type, occurredAt]),
      [
        ["step_init", new Date(at)],
        ["step_init", new Date(at)],
        ["step_init", undefined],
      ],
    );
    assert.equal(events[1]?.workspaceId, undefined);
  });

  it("parse() gives an entry that is no event as unknown, and its neighbours as they are", () => {
    const { events } = setup([
      null,
      "x",
      { id: "1" },
      entry("step_init", {}, { data: [] }),
      entry("step_init"),
    ]);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["unknown", "unknown", "unknown", "unknown", "step_init"],
    );
    assert.deepEqual(events[2]?.data, { id: "1" });
  });

  it("parse() answers 400 to a body without results", () => {
    for (const results of [undefined, null, {}, "x"]) {
      const { parsed } = setup(results);
      assert.equal(parsed.kind === "answered" && parsed.answer.status, 400);
    }
  });

  it("keyOf() tells two types of one id apart, and has no key where there is no id", async () => {
    const { half, events, request } = setup([entry("step_init"), entry("step_submit"), null]);
    assert.deepEqual(await Promise.all(events.map((event) => half.keyOf(event, request))), [
      "spektr:63b0cd7f0000000000000001:step_init",
      "spektr:63b0cd7f0000000000000001:step_submit",
      undefined,
    ]);
  });

  it("answer() is exactly 200, unless an event is to be sent again", () => {
    const { half } = setup([]);
    assert.equal(half.answer([]).status, 200);
    assert.equal(half.answer(["sent", "skipped", "invalid_data", "unsubscribed"]).status, 200);
    assert.equal(half.answer(["sent", "failure", "sent"]).status, 500);
  });
});
