import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeEndpoint, makeKey, postEvent, setUpApp } from "../app-setup.test.ts";

const SECRET = "C01X00T47";

async function setup() {
  const all = await setUpApp();
  await makeEndpoint(all, "acme");
  const erased = await postEvent(all, "acme", { subject: "anna", data: { passport: SECRET } });
  const kept = await postEvent(all, "acme", { subject: "bert", data: { id: 2 } });
  const read = async (id: string) => (await all.call("GET", `/v1/tenants/acme/events/${id}`)).body;
  return { ...all, erased, kept, read };
}

describe("erasing", () => {
  test("an event leaves its place, its time and its type", async () => {
    const { call, erased, kept, read } = await setup();
    const before = await read(erased.id);

    const answer = await call("DELETE", `/v1/tenants/acme/events/${erased.id}`);

    assert.deepEqual([answer.status, answer.text], [204, ""]);
    const summary = { ...before.summary, pending: 0, cancelled: 1 };
    const changed = { subject: null, data: null, data_bytes: 0, is_erased: true, summary };
    assert.deepEqual(await read(erased.id), { ...before, ...changed });
    assert.equal((await read(kept.id)).is_erased, false);
    const { data } = (await call("GET", "/v1/tenants/acme/events")).body;
    assert.deepEqual(
      data.map(({ id }: { id: string }) => id),
      [kept.id, erased.id],
    );
    assert.equal(JSON.stringify(data).includes(SECRET), false);
  });

  test("a delivery of an erased event is cancelled, and cannot be replayed", async () => {
    const { call, engine, erased } = await setup();
    await call("DELETE", `/v1/tenants/acme/events/${erased.id}`);

    const { data } = (await call("GET", `/v1/tenants/acme/events/${erased.id}/deliveries`)).body;
    assert.deepEqual([data.length, data[0].state, data[0].reason], [1, "cancelled", "erased"]);
    const open = (await call("GET", "/v1/tenants/acme/deliveries?state=pending")).body.data;
    assert.equal(open.length, 1);
    engine.answer = "erased";
    assertProblem(await call("POST", `/v1/tenants/acme/deliveries/${data[0].id}/replay`), "event_erased");
  });

  test("a subject goes with all of its events, whatever characters it has, and no other does", async () => {
    const { call, kept, read } = await setup();
    const subject = `Ännä / ${"😀".repeat(120)}`;
    const events = [1, 2].map((id) => ({ type: "a", subject, data: { id } }));
    const posted = (await call("POST", "/v1/tenants/acme/events", { body: events })).body.data;
    const theirs = await call("POST", "/v1/tenants/globex/events", { body: events });

    const path = `/v1/tenants/acme/subjects/${encodeURIComponent(subject)}`;
    assert.equal((await call("DELETE", path)).status, 204);
    assert.equal((await call("DELETE", path)).status, 204, "again, when nothing is left");

    for (const { id } of posted) {
      assert.equal((await read(id)).data, null);
    }
    assert.deepEqual((await read(kept.id)).data, { id: 2 });
    const other = await call("GET", `/v1/tenants/globex/events/${theirs.body.data[0].id}`);
    assert.deepEqual(other.body.data, { id: 1 });
  });

  test("events that come after a subject was erased are as any others", async () => {
    const all = await setup();
    await all.call("DELETE", "/v1/tenants/acme/subjects/anna");
    const later = await postEvent(all, "acme", { subject: "anna", data: { id: 3 } });
    assert.deepEqual((await all.read(later.id)).data, { id: 3 });
  });

  test("the key of what was erased is refused with the same bytes, too", async () => {
    const { call } = await setup();
    const headers = { "idempotency-key": "once" };
    const body = { type: "a", data: { passport: SECRET } };
    const { id } = (await call("POST", "/v1/tenants/acme/events", { body, headers })).body;
    await call("DELETE", `/v1/tenants/acme/events/${id}`);
    const again = await call("POST", "/v1/tenants/acme/events", { body, headers });
    assertProblem(again, "idempotency_key_reused");
  });

  test("what is not there is not found, and only a scope of its own erases", async () => {
    const all = await setup();
    const { call, erased } = all;
    const path = `/v1/tenants/acme/events/${erased.id}`;
    assertProblem(await call("DELETE", `/v1/tenants/globex/events/${erased.id}`), "not_found");
    assertProblem(await call("DELETE", "/v1/tenants/acme/events/evt_never"), "not_found");
    assertProblem(await call("DELETE", "/v1/tenants/acme/subjects/a%00b"), "invalid_request");
    assertProblem(await call("DELETE", `/v1/tenants/acme/subjects/${"x".repeat(257)}`), "invalid_request");
    const writer = await makeKey(all, "acme", ["events:write", "events:read", "endpoints:write"]);
    assertProblem(await call("DELETE", path, { key: writer }), "forbidden");
    assertProblem(await call("DELETE", "/v1/tenants/acme/subjects/anna", { key: writer }), "forbidden");
    assert.equal((await all.read(erased.id)).is_erased, false);
    const eraser = await makeKey(all, "acme", ["events:erase"]);
    assert.equal((await call("DELETE", path, { key: eraser })).status, 204);
  });

  test("a tenant that is deleted is erased", async () => {
    const { call, store } = await setup();
    assert.equal((await call("DELETE", "/v1/tenants/acme")).status, 204);
    const { head } = await store.readHead(0);
    const { events } = await store.readLog({ lease: 0, after: 0, to: head, limit: 99, bytesMax: 1e6 });
    assert.deepEqual(
      events.map(({ data, subject }) => [data.length, subject]),
      [
        [0, undefined],
        [0, undefined],
      ],
    );
  });
});
