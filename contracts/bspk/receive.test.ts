import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type BspkEvent, contactChannelOf, externalRefOf, receiveBspk } from "./receive.ts";

const secret = "a625a98be58a621c29ffef103083d43e";

function setup(payload: unknown, given: string | undefined = secret) {
  const half = receiveBspk({ secrets: [secret, undefined] });
  const bytes = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  const request = { method: "POST", url: "/", headers: { "x-bspk-secret": given }, payload: bytes };
  const parsed = half.parse(request);
  const [event] = parsed.kind === "events" ? parsed.events : [];
  return {
    half,
    request,
    parsed,
    event,
    key: async () => (event ? half.keyOf(event, request) : assert.fail()),
  };
}

const update = (object: object, name = "shopper.updated") => setup({ event_name: name, object });

describe("receiveBspk()", () => {
  it("receiveBspk() takes the secret itself, whole and exact", async () => {
    assert.deepEqual(await update({}).half.verify(update({}).request), { kind: "ok" });
    for (const given of ["", secret.slice(1), `${secret}0`, secret.toUpperCase(), ` ${secret}`]) {
      const { half, request } = setup({}, given);
      assert.deepEqual(await half.verify(request), { kind: "refused", reason: "secret_mismatch" });
    }
  });

  it("parse() gives the vendor's sample as it is, typed", () => {
    const text = readFileSync(new URL("fixtures/client.updated.json", import.meta.url), "utf8");
    const { event } = setup(text);
    assert.equal(event?.type, "client.updated");
    assert.ok(event?.type === "client.updated");
    assert.equal(event.data.communication_preferences?.whatsapp_opt_in, false);
    assert.deepEqual(event.data, JSON.parse(text).object);
  });

  it("parse() gives an event of a type that is not documented as unknown, with its name", () => {
    const { event } = update({ id: 1 }, "shopper.merged");
    assert.deepEqual([event?.type, event?.name, event?.data], ["unknown", "shopper.merged", { id: 1 }]);
  });

  it("parse() answers 422 to a body that would be the same every time", () => {
    for (const payload of ["{", "[]", { event_name: "shopper.updated" }, { event_name: 1, object: {} }]) {
      const { parsed } = setup(payload);
      assert.equal(parsed.kind === "answered" && parsed.answer.status, 422, JSON.stringify(payload));
    }
  });

  it("keyOf() knows a repeat by its bytes, where they say when it was or it happens once", async () => {
    const dated = { id: 1, updated_at: "2026-01-01T00:00:00Z" };
    assert.equal(await update(dated).key(), await update(dated).key());
    assert.match((await update(dated).key()) ?? "", /^bspk:[0-9a-f]{64}$/);
    assert.notEqual(await update(dated).key(), await update({ ...dated, id: 2 }).key());
    assert.notEqual(await update(dated).key(), await update(dated, "client.updated").key());
    for (const name of ["cart.created", "metafield.deleted", "file_import.finished"]) {
      assert.notEqual(await update({ id: 1 }, name).key(), undefined, name);
    }
  });

  it("keyOf() has no key for an update that does not say when it was: it may be another one", async () => {
    assert.equal(await update({ id: 1, consent: true }).key(), undefined);
    assert.equal(await update({ consent: true }, "shopper.deleted").key(), undefined);
  });

  it("keyOf() tells numbers apart that JavaScript cannot", async () => {
    const withId = (id: string) => setup(`{"event_name":"shopper.deleted","object":{"id":${id}}}`);
    assert.notEqual(await withId("12345678901234567890").key(), await withId("12345678901234567891").key());
  });

  it("answer() says never by 422 and again by 500", () => {
    const { half } = setup({});
    const statuses = (["sent", "skipped", "invalid_data", "unsubscribed", "failure"] as const).map(
      (outcome) => half.answer([outcome]).status,
    );
    assert.deepEqual(statuses, [204, 204, 422, 422, 500]);
  });

  it("externalRefOf() finds your own id under any of its names", () => {
    for (const name of ["ref", "external_id", "shopper_ref", "client_id"]) {
      assert.equal(externalRefOf({ id: 1, [name]: "C-720" }), "C-720");
    }
    assert.equal(externalRefOf({ ref: null, external_id: "", shopper_ref: "S" }), "S");
    assert.equal(externalRefOf({ id: 1, ref: 7 }), undefined);
  });

  it("contactChannelOf() knows both spellings of WhatsApp, and no channel by any of its signs", () => {
    const channels = ["whastapp", "whatsapp", "email", "carrier pigeon", "", null, undefined];
    assert.deepEqual(
      channels.map((channel) =>
        contactChannelOf(channel === undefined ? {} : { preferred_contact_channel: channel }),
      ),
      ["whatsapp", "whatsapp", "email", "carrier pigeon", undefined, undefined, undefined],
    );
  });

  it("BspkEvent narrows by type, and leaves unknown for the rest", () => {
    const said = (event: BspkEvent): unknown => {
      switch (event.type) {
        case "shopper.updated":
          return event.data.ref?.toUpperCase();
        case "file_import.finished":
          return event.data.errors?.[0]?.line;
        case "unknown":
          return event.name;
        default:
          return event.data.id;
      }
    };
    const event = { id: undefined, name: "x", occurredAt: undefined };
    assert.equal(said({ ...event, type: "shopper.updated", data: { id: 1, ref: "a" } }), "A");
    assert.equal(said({ ...event, type: "cart.created", data: { id: 7 } }), 7);
    assert.equal(said({ ...event, type: "unknown", data: {} }), "x");
  });
});
