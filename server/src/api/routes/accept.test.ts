import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Problem } from "../../problem.ts";
import { type Answer, assertProblem, makeEndpoint, type Sent, setUpApp } from "../app-setup.test.ts";
import { EVENT_BYTES_MAX, REQUEST_BYTES_MAX } from "../event-reading.ts";

const PATH = "/v1/tenants/acme/events";

async function setup() {
  const all = await setUpApp();
  return {
    ...all,
    post: (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
      all.call("POST", PATH, { body, headers }),
    stored: async () => {
      const tenant = await all.store.findTenant("acme");
      const page = await all.store.listEvents({
        tenant: tenant?.number ?? 0,
        limit: 10_000,
        scanMax: 10_000,
      });
      return await all.store.readEvents(0, page.events.map(({ offset }) => offset).toReversed());
    },
  };
}

const EVENT = '{"type":"client.updated","data":{"id":1}}';
const NDJSON = { "content-type": "application/x-ndjson" };

describe("POST events", () => {
  test("one event is answered 202 with its id, type and time, after it was stored", async () => {
    const { post, stored } = await setup();
    const { status, body } = await post(EVENT);
    assert.equal(status, 202);
    assert.match(body.id, /^evt_[0-9a-f]{16}$/);
    assert.deepEqual(body, { id: body.id, type: "client.updated", accepted_at: "2026-01-02T03:04:05.006Z" });
    const [event] = await stored();
    assert.equal(event?.type, "client.updated");
    assert.equal(event?.occurredAt, Date.parse("2026-01-02T03:04:05.006Z"));
  });

  test("while the disk is nearly full nothing is stored, and everything else is answered", async () => {
    const disk = { freeBytes: 1, isNearlyFull: true };
    const { call } = await setUpApp({ disk });
    const refused = await call("POST", PATH, { body: EVENT });
    assertProblem(refused, "disk_nearly_full");
    assert.equal(refused.headers["retry-after"], "30");
    assert.deepEqual((await call("GET", PATH)).body.data, []);

    disk.isNearlyFull = false;
    assert.equal((await call("POST", PATH, { body: EVENT })).status, 202);
  });

  test("data is stored as the bytes that were sent, whatever they are", async () => {
    const { post, stored } = await setup();
    const texts = [
      "null",
      "1.0",
      "-0",
      "1e400",
      "12345678901234567890",
      '"\\u0000"',
      '"\\ud800"',
      '"\u2028\u202e"',
    ];
    texts.push(
      '{ "a" : 1 , "a" : 2 }',
      '{"__proto__":{"x":1},"constructor":2}',
      "[]",
      '"<img src=x onerror=1>"',
    );
    texts.push(
      '"${x} {{x}} %s"',
      `{"${"k".repeat(100_000)}":1}`,
      `${"[".repeat(500)}${"]".repeat(500)}`,
      "false",
    );
    texts.push(`[${'"'.repeat(2).concat(",").repeat(100_000)}1]`, '"=cmd|x"', '{\n\t"a":\r\n1}');
    for (const text of texts) {
      assert.equal((await post(`{"type":"a","data": ${text} }`)).status, 202, text.slice(0, 60));
    }
    const kept = (await stored()).map(({ data }) => Buffer.from(data).toString("utf8"));
    assert.deepEqual(kept, texts);
  });

  test("an array and NDJSON are answered in order and stored as one request", async () => {
    const { post, stored } = await setup();
    const events = ["a", "b", "c"].map((type, index) => `{"type":"${type}","data":${index}.0}`);
    const array = await post(`[${events.join(" , ")}]`);
    const lines = await post(`${events.join("\r\n")}\n\n`, NDJSON);
    for (const { status, body } of [array, lines]) {
      assert.equal(status, 202);
      assert.deepEqual(
        body.data.map(({ type }: { type: string }) => type),
        ["a", "b", "c"],
      );
      assert.equal(new Set(body.data.map(({ id }: { id: string }) => id)).size, 3);
    }
    assert.deepEqual(
      (await stored()).map(({ type, data }) => [type, Buffer.from(data).toString()]),
      [...events, ...events].map((_, index) => [["a", "b", "c"][index % 3], `${index % 3}.0`]),
    );
  });

  test("one line of NDJSON and an array of one are lists still", async () => {
    const { post } = await setup();
    assert.equal((await post(EVENT, NDJSON)).body.data.length, 1);
    assert.equal((await post(`[${EVENT}]`)).body.data.length, 1);
  });

  test("every member that can be given is stored", async () => {
    const all = await setup();
    const endpoint = await makeEndpoint(all, "acme");
    const { status } = await all.post({
      type: "Points Updated",
      subject: "cus_1é",
      occurred_at: "2020-02-29T12:00:00.5+02:00",
      expires_at: "2030-01-01T00:00:00Z",
      to: endpoint.id,
      idempotency_key: "k1",
      data: {},
    });
    assert.equal(status, 202);
    const [event] = await all.stored();
    assert.equal(event?.subject, "cus_1é");
    assert.equal(event?.occurredAt, Date.parse("2020-02-29T10:00:00.500Z"));
    assert.equal(event?.expiresAt, Date.parse("2030-01-01T00:00:00Z"));
    assert.equal(event?.to, all.ports.ids.endpointNumberOf(endpoint.id));
  });

  test("null stands for an absent member, and data may be null", async () => {
    const { post, stored } = await setup();
    const nulls = { subject: null, occurred_at: null, expires_at: null, to: null, idempotency_key: null };
    assert.equal((await post({ type: "a", data: null, ...nulls })).status, 202);
    assert.equal((await stored())[0]?.subject, undefined);
  });
});

describe("POST events with wrong members", () => {
  const long = (length: number) => "x".repeat(length);
  const cases: readonly (readonly [string, unknown, string, readonly string[]])[] = [
    ["no type", { data: 1 }, "invalid_request", ["/type"]],
    ["no data", { type: "a" }, "invalid_request", ["/data"]],
    ["neither", {}, "invalid_request", ["/data", "/type"]],
    ["an empty type", { type: "", data: 1 }, "invalid_request", ["/type"]],
    ["a type with a comma", { type: "a,b", data: 1 }, "invalid_request", ["/type"]],
    ["a type with a line feed", { type: "a\nb", data: 1 }, "invalid_request", ["/type"]],
    ["a type with a null character", { type: "a\u0000", data: 1 }, "invalid_request", ["/type"]],
    ["a type with a C1 character", { type: "a\u0085", data: 1 }, "invalid_request", ["/type"]],
    ["a type with half a pair", '{"type":"a\\ud800","data":1}', "invalid_request", ["/type"]],
    ["a type of 129 characters", { type: long(129), data: 1 }, "invalid_request", ["/type"]],
    ["a type that is a number", { type: 5, data: 1 }, "invalid_request", ["/type"]],
    ["a type that is null", { type: null, data: 1 }, "invalid_request", ["/type"]],
    [
      "a subject of 257 characters",
      { type: "a", data: 1, subject: long(257) },
      "invalid_request",
      ["/subject"],
    ],
    ["an empty subject", { type: "a", data: 1, subject: "" }, "invalid_request", ["/subject"]],
    ["a subject that is an object", { type: "a", data: 1, subject: {} }, "invalid_request", ["/subject"]],
    [
      "a key of 256 characters",
      { type: "a", data: 1, idempotency_key: long(256) },
      "invalid_request",
      ["/idempotency_key"],
    ],
    [
      "a time without a zone",
      { type: "a", data: 1, occurred_at: "2020-01-01T00:00:00" },
      "invalid_request",
      ["/occurred_at"],
    ],
    [
      "a time that is a number",
      { type: "a", data: 1, occurred_at: 1.5e12 },
      "invalid_request",
      ["/occurred_at"],
    ],
    [
      "an end that never was",
      { type: "a", data: 1, expires_at: "2020-02-30T00:00:00Z" },
      "invalid_request",
      ["/expires_at"],
    ],
    ["an unknown endpoint", { type: "a", data: 1, to: "ep_0123456789abcdef" }, "invalid_request", ["/to"]],
    ["no endpoint's id", { type: "a", data: 1, to: "../acme" }, "invalid_request", ["/to"]],
    [
      "an unknown member",
      { type: "a", data: 1, topic: 1, "a/b~": 2 },
      "invalid_request",
      ["/topic", "/a~1b~0"],
    ],
    ["__proto__ as a member", '{"type":"a","data":1,"__proto__":{}}', "invalid_request", ["/__proto__"]],
    ["a member twice", '{"type":"a","data":1,"dat\\u0061":2}', "invalid_request", ["/data"]],
    ["no event", [], "invalid_request", [""]],
    ["a number among events", `[${EVENT},5]`, "invalid_request", ["/1"]],
    ["a text", '"a"', "invalid_request", [""]],
    ["null for an event", "null", "invalid_request", [""]],
    ["two wrong events", `[${EVENT},{"data":1},{"type":"a"}]`, "invalid_request", ["/1/type", "/2/data"]],
    ["an array in an array", `[[${EVENT}]]`, "invalid_request", ["/0"]],
    ["nothing", "", "invalid_json", []],
    ["space only", "  ", "invalid_json", []],
    ["broken JSON", '{"type":"canary"', "invalid_json", []],
    ["two values", `${EVENT}${EVENT}`, "invalid_json", []],
    ["a byte order mark", `\ufeff${EVENT}`, "invalid_json", []],
    ["UTF-16", Buffer.from(EVENT, "utf16le"), "invalid_json", []],
    ["broken UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "invalid_json", []],
    ["10,000 levels", `{"type":"a","data":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "invalid_json", []],
    ["10 MB of brackets", "[".repeat(10_000_000), "invalid_json", []],
    ["1,001 events", `[${`${EVENT},`.repeat(1000)}${EVENT}]`, "payload_too_large", []],
  ];
  for (const [name, body, code, pointers] of cases) {
    test(`${name} is refused as ${code} and nothing is stored`, async () => {
      const { post, stored } = await setup();
      const answer = await post(
        typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      );
      assertProblem(answer, code, pointers);
      assert.deepEqual(await stored(), []);
      assert.doesNotMatch(answer.text, /canary/);
    });
  }

  test("an answer names at most twenty wrong members", async () => {
    const { post } = await setup();
    const answer = await post(JSON.stringify(Array.from({ length: 1000 }, () => ({ wrong: 1 }))));
    assert.equal(answer.body.errors.length, 20);
  });

  test("another tenant's endpoint is no endpoint to send to", async () => {
    const all = await setup();
    const theirs = await makeEndpoint(all, "globex");
    assertProblem(await all.post({ type: "a", data: 1, to: theirs.id }), "invalid_request", ["/to"]);
    assertProblem(
      await all.post([
        { type: "a", data: 1 },
        { type: "a", data: 1, to: theirs.id },
      ]),
      "invalid_request",
      ["/1/to"],
    );
  });

  test("lines that are not a value each are refused", async () => {
    const { post } = await setup();
    for (const text of [`${EVENT} ${EVENT}`, '{"type":\n"a","data":1}', `[${EVENT},\n${EVENT}]`, ""]) {
      const answer = await post(text, NDJSON);
      assert.ok(answer.status === 400 || answer.status === 422, text);
    }
  });
});

describe("POST events at the limits of size", () => {
  const eventOf = (bytes: number) => {
    const frame = '{"type":"a","data":""}';
    return `${frame.slice(0, -2)}${"x".repeat(bytes - frame.length)}"}`;
  };

  test("an event of exactly 1 MB is accepted, one byte more is too large", async () => {
    const { post } = await setup();
    assert.equal((await post(eventOf(EVENT_BYTES_MAX))).status, 202);
    assertProblem(await post(eventOf(EVENT_BYTES_MAX + 1)), "payload_too_large", [""]);
    assertProblem(await post(`[${EVENT},${eventOf(EVENT_BYTES_MAX + 1)}]`), "payload_too_large", ["/1"]);
  });

  test("a request of exactly 10 MB is accepted, one byte more is too large", async () => {
    const { post } = await setup();
    const tenth = eventOf(REQUEST_BYTES_MAX / 10 - 2);
    const full = `[${Array.from({ length: 10 }, () => tenth).join(",")}]`;
    assert.equal((await post(full.padEnd(REQUEST_BYTES_MAX))).status, 202);
    assertProblem(await post(full.padEnd(REQUEST_BYTES_MAX + 1)), "payload_too_large");
  });

  test("1,000 events are accepted", async () => {
    const { post } = await setup();
    assert.equal((await post(`[${`${EVENT},`.repeat(999)}${EVENT}]`)).body.data.length, 1000);
  });
});

describe("POST events that cannot be stored", () => {
  test("an overloaded engine is answered 503 with Retry-After", async () => {
    const all = await setup();
    all.engine.failure = new Problem("overloaded", "Too much waits.");
    const answer = await all.post(EVENT);
    assertProblem(answer, "overloaded");
    assert.equal(answer.headers["retry-after"], "1");
  });

  test("a fault of ours is answered 500 without its message, and logged under the request's id", async () => {
    const all = await setup();
    all.engine.failure = new Error("disk full at /canary");
    const sent: Sent = { body: EVENT, headers: { "x-request-id": "req-7" } };
    const answer = await all.call("POST", PATH, sent);
    assertProblem(answer, "internal");
    assert.doesNotMatch(answer.text, /canary/);
    assert.ok(all.logged.some((line) => line.includes("req-7") && line.includes("disk full")));
  });

  test("other content types and encodings are refused", async () => {
    const { call } = await setup();
    for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded", "", "json"]) {
      const answer = await call("POST", PATH, { body: EVENT, headers: { "content-type": type } });
      assertProblem(answer, "unsupported_media_type");
    }
    const zipped = await call("POST", PATH, { body: EVENT, headers: { "content-encoding": "gzip" } });
    assertProblem(zipped, "unsupported_media_type");
    const withCharset = { "content-type": "application/json; charset=utf-8" };
    assert.equal((await call("POST", PATH, { body: EVENT, headers: withCharset })).status, 202);
  });
});
