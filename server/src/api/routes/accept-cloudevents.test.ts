import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloudEvent, HTTP } from "cloudevents";
import fc from "fast-check";
import { type Answer, assertProblem, setUpApp } from "../app-setup.test.ts";
import { EVENT_BYTES_MAX } from "../event-reading.ts";

const STRUCTURED = { "content-type": "application/cloudevents+json" };
const BATCH = { "content-type": "application/cloudevents-batch+json; charset=utf-8" };
const BINARY = {
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-id": "1",
  "ce-source": "/orders",
  "ce-type": "order.paid",
};
const EVENT = { specversion: "1.0", id: "1", source: "/orders", type: "order.paid" };

async function setup() {
  const all = await setUpApp();
  const tenant = await all.store.findTenant("acme");
  return {
    ...all,
    post: (body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> =>
      all.call("POST", "/v1/tenants/acme/events", { body, headers }),
    stored: async (key?: string) => {
      const query = { tenant: tenant?.number ?? 0, limit: 10_000, scanMax: 10_000, key };
      const { events } = await all.store.listEvents(query);
      const offsets = events.map(({ offset }) => offset);
      return (await all.store.readEvents(0, offsets.toReversed())).map(({ data, ...event }) => ({
        ...event,
        data: Buffer.from(data).toString(),
      }));
    },
  };
}

describe("POST events as CloudEvents", () => {
  const time = "2020-02-29T12:00:00.5+02:00";
  const expirytime = "2030-01-01T00:00:00Z";

  test("a structured event is stored with all it says, its data byte for byte", async () => {
    const { post, stored } = await setup();
    const data = '{ "b":12345678901234567890, "a" : 1.0 }';
    const members = JSON.stringify({ ...EVENT, subject: "Zoë", time, expirytime, dataschema: null });
    const { status, body } = await post(`${members.slice(0, -1)},"data": ${data} }`, STRUCTURED);
    assert.equal(status, 202);
    assert.deepEqual(Object.keys(body), ["id", "type", "accepted_at"]);
    const [event, ...others] = await stored("/orders 1");
    assert.deepEqual(others, []);
    assert.deepEqual(
      [event?.type, event?.subject, event?.occurredAt, event?.expiresAt, event?.data],
      ["order.paid", "Zoë", Date.parse(time), Date.parse(expirytime), data],
    );
  });

  test("a binary event is the same event, its headers decoded", async () => {
    const { post, stored } = await setup();
    const structured = await post(
      { ...EVENT, type: "order 100%", subject: 'Zoë "x"', time, expirytime, data: [1] },
      STRUCTURED,
    );
    const binary = await post(" [1]\n", {
      ...BINARY,
      "content-type": "application/vnd.order+json; charset=utf-8",
      "ce-type": "order%20100%25",
      "ce-subject": '"Zo%C3%AB \\"x\\""',
      "ce-time": time,
      "ce-expirytime": expirytime,
    });
    assert.equal(binary.status, 202, binary.text);
    assert.deepEqual(binary.body, structured.body);
    assert.equal((await stored()).length, 1);
  });

  test("a batch is answered as a list, in order, and may be empty", async () => {
    const { post, stored } = await setup();
    const answer = await post(
      ["a", "b", "c"].map((id) => ({ ...EVENT, id, type: id })),
      BATCH,
    );
    assert.equal(answer.status, 202);
    const ids = answer.body.data.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(
      (await stored()).map(({ type }) => type),
      ["a", "b", "c"],
    );
    const empty = await post([], BATCH);
    assert.deepEqual([empty.status, empty.body], [202, { data: [] }]);
  });

  test("an event without data is stored with null", async () => {
    const { post, stored } = await setup();
    assert.equal((await post(EVENT, STRUCTURED)).status, 202);
    assert.equal((await post("", { ...BINARY, "ce-id": "2" })).status, 202);
    assert.deepEqual(
      (await stored()).map(({ data }) => data),
      ["null", "null"],
    );
  });

  test("null stands for an attribute that is not there", async () => {
    const { post, stored } = await setup();
    const nulls = { subject: null, time: null, datacontenttype: null, data_base64: null, region: null };
    assert.equal((await post({ ...EVENT, ...nulls }, STRUCTURED)).status, 202);
    const [event] = await stored();
    assert.deepEqual([event?.subject, event?.extensions], [undefined, undefined]);
  });

  test("extensions are kept with their types, and shown with the event", async () => {
    const { post, stored, call } = await setup();
    const extensions = {
      traceparent: "00-ab",
      to: "",
      number: -2_147_483_648,
      flag: false,
      constructor: "Zoë",
      dataref: "https://x.example/a?b",
    };
    const { body } = await post({ ...EVENT, ...extensions, expirytime }, STRUCTURED);
    const [event] = await stored();
    assert.deepEqual(event?.extensions, { ...extensions, expirytime });
    const shown = await call("GET", `/v1/tenants/acme/events/${body.id}`);
    assert.deepEqual(shown.body.extensions, { ...extensions, expirytime });
    const plain = await call("POST", "/v1/tenants/acme/events", { body: { type: "a", data: 1 } });
    assert.equal((await call("GET", `/v1/tenants/acme/events/${plain.body.id}`)).body.extensions, null);
  });

  test("extensions of a batch stay with their events, and of headers they are texts", async () => {
    const { post, stored } = await setup();
    await post(
      [
        { ...EVENT, id: "a", n: 1 },
        { ...EVENT, id: "b" },
        { ...EVENT, id: "c", n: true },
      ],
      BATCH,
    );
    await post("1", { ...BINARY, "ce-n": "7", "ce-city": "Z%C3%BCrich" });
    assert.deepEqual(
      (await stored()).map(({ extensions }) => extensions),
      [{ n: 1 }, undefined, { n: true }, { n: "7", city: "Zürich" }],
    );
  });

  test("sent again an event may be in another trace, but has its other extensions", async () => {
    const { post, stored } = await setup();
    const first = await post({ ...EVENT, a: 1, b: "x", traceparent: "00-ab" }, STRUCTURED);
    const again = await post({ ...EVENT, b: "x", a: 1, traceparent: "00-cd", tracestate: "x=y" }, STRUCTURED);
    assert.equal(again.status, 202);
    assert.deepEqual(again.body, first.body);
    for (const other of [{ a: 1 }, { a: "1", b: "x" }, { a: 1, b: "y" }, { a: 1, b: "x", c: 1 }]) {
      assertProblem(await post({ ...EVENT, ...other }, STRUCTURED), "idempotency_key_reused", ["/id"]);
    }
    assert.equal((await stored()).length, 1);
  });

  test("the same source and id is stored once, and with other content refused", async () => {
    const { post, stored } = await setup();
    const first = await post({ ...EVENT, data: 1 }, STRUCTURED);
    assert.deepEqual((await post({ ...EVENT, data: 1 }, STRUCTURED)).body, first.body);
    assert.deepEqual((await post([{ ...EVENT, data: 1 }], BATCH)).body.data, [first.body]);
    const code = "idempotency_key_reused";
    assertProblem(await post({ ...EVENT, data: 2 }, STRUCTURED), code, ["/id"]);
    assertProblem(await post([{ ...EVENT, id: "2" }, EVENT], BATCH), code, ["/1/id"]);
    assertProblem(await post("2", BINARY), code, ["ce-id"]);
    assert.equal((await stored()).length, 1);
    const other = await post({ ...EVENT, source: "/refunds", data: 1 }, STRUCTURED);
    assert.notEqual(other.body.id, first.body.id);
  });
});

const MANY = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`x${at}`, at]));

describe("POST events as what is no CloudEvent", () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ["no version", { ...EVENT, specversion: undefined }, ["/specversion"]],
    ["version 0.3", { ...EVENT, specversion: "0.3" }, ["/specversion"]],
    ["a version that is a number", { ...EVENT, specversion: 1 }, ["/specversion"]],
    ["no id", { ...EVENT, id: undefined }, ["/id"]],
    ["an empty id", { ...EVENT, id: "" }, ["/id"]],
    ["an id with a control character", { ...EVENT, id: "a\n" }, ["/id"]],
    ["an id that is too long", { ...EVENT, id: "x".repeat(248) }, ["/id"]],
    ["no source", { ...EVENT, source: null }, ["/source"]],
    ["a source with a space", { ...EVENT, source: "/a b" }, ["/source"]],
    ["no type", { ...EVENT, type: undefined }, ["/type"]],
    ["a type with a comma", { ...EVENT, type: "a,b" }, ["/type"]],
    ["a subject that is a number", { ...EVENT, subject: 7 }, ["/subject"]],
    ["a subject of 257 characters", { ...EVENT, subject: "x".repeat(257) }, ["/subject"]],
    ["a time without a zone", { ...EVENT, time: "2020-01-01T00:00:00" }, ["/time"]],
    ["an end that never was", { ...EVENT, expirytime: "2020-02-30T00:00:00Z" }, ["/expirytime"]],
    ["bytes", { ...EVENT, data_base64: "AA==" }, ["/data_base64"]],
    ["data that is no JSON", { ...EVENT, datacontenttype: "text/xml", data: "<a/>" }, ["/datacontenttype"]],
    ["a content type that is no text", { ...EVENT, datacontenttype: 7 }, ["/datacontenttype"]],
    ["a name with capitals", { ...EVENT, traceParent: "eu" }, ["/traceParent"]],
    ["a name with a hyphen", { ...EVENT, "x-region": "eu" }, ["/x-region"]],
    ["a name that is too long", { ...EVENT, ["a".repeat(65)]: "eu" }, [`/${"a".repeat(65)}`]],
    ["an extension that is an object", { ...EVENT, region: { a: 1 } }, ["/region"]],
    ["an extension that is a list", { ...EVENT, regions: ["eu"] }, ["/regions"]],
    ["an extension that is a fraction", { ...EVENT, rate: 0.5 }, ["/rate"]],
    ["an extension of more than 32 bits", { ...EVENT, rate: 2_147_483_648 }, ["/rate"]],
    ["an extension that is less than 32 bits say", { ...EVENT, rate: -2_147_483_649 }, ["/rate"]],
    ["an extension with a control character", { ...EVENT, region: "e\u0085u" }, ["/region"]],
    ["an extension with a noncharacter", { ...EVENT, region: "e\uFFFEu" }, ["/region"]],
    ["an extension with half a character", { ...EVENT, region: "\uD800" }, ["/region"]],
    ["extensions that are too long", { ...EVENT, a: "x".repeat(2000), b: "y".repeat(2100) }, ["/b"]],
    ["too many extensions", { ...EVENT, ...MANY }, ["/x20"]],
    ["a schema", { ...EVENT, dataschema: "https://x.example/" }, ["/dataschema"]],
    ["our own members", { ...EVENT, idempotency_key: "k" }, ["/idempotency_key"]],
    ["nothing", {}, ["/specversion", "/type", "/source", "/id"]],
    ["an array for one event", [EVENT], [""]],
  ];
  for (const [name, event, pointers] of cases) {
    test(`${name} is refused by its pointer and nothing is stored`, async () => {
      const { post, stored } = await setup();
      assertProblem(await post(event, STRUCTURED), "invalid_request", pointers);
      if (!Array.isArray(event)) {
        const places = pointers.map((pointer) => `/1${pointer}`);
        assertProblem(await post([{ ...EVENT, id: "0" }, event], BATCH), "invalid_request", places);
      }
      assert.deepEqual(await stored(), []);
    });
  }

  test("an object for a batch is refused, and members of a batch that are none", async () => {
    const { post } = await setup();
    assertProblem(await post(EVENT, BATCH), "invalid_request", [""]);
    assertProblem(await post([EVENT, 7], BATCH), "invalid_request", ["/1"]);
    const twice = '{"specversion":"1.0","id":"1","source":"/","type":"a","type":"b"}';
    assertProblem(await post(twice, STRUCTURED), "invalid_request", ["/type"]);
    const many = Array.from({ length: 1001 }, (_, id) => ({ ...EVENT, id: String(id) }));
    assertProblem(await post(many, BATCH), "payload_too_large", []);
  });

  test("data beyond the members that are looked at is not taken for none", async () => {
    const { post, stored } = await setup();
    const nulls = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`x${at}`, null]));
    assertProblem(await post({ ...EVENT, ...nulls, data: 1 }, STRUCTURED), "invalid_request", [""]);
    assert.deepEqual(await stored(), []);
  });

  test("a wrong header is named, each of them", async () => {
    const { post, stored } = await setup();
    const changes: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
      [{ "ce-specversion": "0.3" }, ["ce-specversion"]],
      [{ "ce-id": "", "ce-time": "soon" }, ["ce-time", "ce-id"]],
      [{ "ce-subject": "%C0%A0", "ce-type": "50%" }, ["ce-type", "ce-subject"]],
      [{ "ce-x-region": "eu" }, ["ce-x-region"]],
      [{ "ce-data": "1" }, ["ce-data"]],
      [{ "ce-region": "e%07u" }, ["ce-region"]],
      [{ "ce-datacontenttype": "application/json" }, ["ce-datacontenttype"]],
      [{ "ce-data_base64": "AA==" }, ["ce-data_base64"]],
    ];
    for (const [change, places] of changes) {
      assertProblem(await post("1", { ...BINARY, ...change }), "invalid_request", places);
    }
    assertProblem(await post("1", { ...BINARY, "idempotency-key": "k" }), "invalid_request", [
      "idempotency-key",
    ]);
    assertProblem(await post(EVENT, { ...STRUCTURED, "idempotency-key": "k" }), "invalid_request", [
      "idempotency-key",
    ]);
    assert.deepEqual(await stored(), []);
  });

  test("a body that is no JSON, or too long, is refused", async () => {
    const { post, stored } = await setup();
    for (const body of ["{", "1 2", "canary", Buffer.from([0x22, 0xff, 0x22])]) {
      const answer = await post(body, BINARY);
      assertProblem(answer, "invalid_json", []);
      assert.doesNotMatch(answer.text, /canary/);
      assertProblem(await post(body, STRUCTURED), "invalid_json", []);
    }
    const long = `"${"x".repeat(EVENT_BYTES_MAX - 1)}"`;
    assertProblem(await post(long, BINARY), "payload_too_large", [""]);
    assert.deepEqual(await stored(), []);
  });

  test("another content type is refused, of CloudEvents and of their data", async () => {
    const { post, stored } = await setup();
    for (const type of ["application/cloudevents+avro", "application/cloudevents", "constructor"]) {
      const answer = await post(EVENT, { "content-type": type });
      assertProblem(answer, "unsupported_media_type", []);
      assert.match(answer.body.detail, /application\/cloudevents-batch\+json/);
    }
    for (const type of ["text/plain", "application/octet-stream"]) {
      const answer = await post("1", { ...BINARY, "content-type": type });
      assertProblem(answer, "unsupported_media_type", ["content-type"]);
    }
    assert.deepEqual(await stored(), []);
  });
});

describe("POST events as the official SDK for JavaScript sends them", () => {
  const anyEvent = fc
    .record({
      type: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
      subject: fc.stringMatching(/^[A-Za-z0-9./_-]{1,40}$/),
      sequence: fc.stringMatching(/^[A-Za-z0-9=,.-]{1,20}$/),
      samplingrate: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
      urgent: fc.boolean(),
      time: fc.integer({ min: 0, max: Date.UTC(9999, 0) }).map((at) => new Date(at).toISOString()),
      // As JSON has it, which knows no -0.
      data: fc
        .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
        .map((value) => JSON.parse(JSON.stringify(value))),
    })
    .map((attributes) => new CloudEvent({ ...attributes, source: "https://shop.example/orders" }));

  test("what it emits is stored as it says, in every mode", async () => {
    const { post, stored } = await setup();
    await fc.assert(
      fc.asyncProperty(fc.tuple(anyEvent, anyEvent, anyEvent), async ([one, two, three]) => {
        const before = (await stored()).length;
        for (const { headers, body } of [
          HTTP.structured(one),
          HTTP.binary(two),
          { headers: BATCH, body: JSON.stringify([three, one]) },
        ]) {
          const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
          const answer = await post(String(body), Object.fromEntries(sent));
          assert.equal(answer.status, 202, answer.text);
        }
        const seen = (await stored())
          .slice(before)
          .map(({ type, subject, occurredAt, data, extensions }) => ({
            type,
            subject,
            extensions,
            time: new Date(occurredAt).toISOString(),
            data: JSON.parse(data),
          }));
        const said = [one, two, three].map(
          ({ type, subject, time, data, sequence, samplingrate, urgent }, at) => ({
            type,
            subject,
            // Headers are texts.
            extensions: {
              sequence,
              samplingrate: at === 1 ? String(samplingrate) : samplingrate,
              urgent: at === 1 ? String(urgent) : urgent,
            },
            time,
            data,
          }),
        );
        assert.deepEqual(seen, structuredClone(said));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
