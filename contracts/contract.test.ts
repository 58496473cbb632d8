import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bspk } from "./bspk/send.ts";
import { bubblehouse } from "./bubblehouse/send.ts";
import { cloudEvents, cloudEventsBatch } from "./cloudevents/send.ts";
import type { Contract, ContractEvent } from "./contract.ts";
import {
  answersWithoutStatus,
  rendered,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "./samples.ts";
import { spektr } from "./spektr/send.ts";
import { standard } from "./standard/send.ts";

const contracts: readonly Contract[] = [standard, bspk, spektr, bubblehouse, cloudEvents, cloudEventsBatch];

function setup(contract: Contract) {
  const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), { hmac: true });
  const endpoint = sampleEndpoint({ url: "https://receiver.example/:name", secrets: secret ? [secret] : [] });
  const payloadOf = (event: ContractEvent, attempt = sampleAttempt()) =>
    Buffer.from(rendered(contract.request(endpoint, [event], attempt)).payload);
  return { endpoint, payloadOf };
}

/** The text of a JSON object as no printer writes it, valid in every contract. */
const objectText = fc
  .array(
    fc.tuple(
      fc.string().map((name) => JSON.stringify(`x${name}`)),
      fc.oneof(
        fc.json({ stringUnit: "binary" }),
        fc.constantFrom(
          "12345678901234567890",
          "1.0",
          "1e400",
          "-0",
          '"\\u00e9\\/"',
          '"\\ud800"',
          '"é😀\u2028"',
          "{ }",
        ),
      ),
      fc.constantFrom("", " ", "\n\t"),
    ),
  )
  .map((members) => members.map(([name, value, space]) => `,${space}${name}${space}:${value}${space}`))
  .map((members) => `{"customer":{}${members.join("")}}`);

for (const contract of contracts) {
  describe(`the contract ${contract.name}`, () => {
    it("request() carries data byte for byte, however it is written", () => {
      const { payloadOf } = setup(contract);
      fc.assert(
        fc.property(objectText, (data) => {
          const payload = payloadOf(sampleEvent({ data })).toString();
          const verbatim = contract === bubblehouse ? data.slice(1, -1) : data;
          assert.ok(payload.includes(verbatim), `${payload} carries ${verbatim}`);
          JSON.parse(payload);
        }),
      );
    });

    it("request() gives the same payload in every attempt (invariant 5)", () => {
      const { payloadOf } = setup(contract);
      const event = sampleEvent({ data: '{"customer":{}}' });
      const later = sampleAttempt({ id: "att_2", number: 2, at: Date.UTC(2031, 0, 1) });
      assert.deepEqual(payloadOf(event, later), payloadOf(event));
    });

    it("request() says a type with quotes and line separators as JSON", () => {
      const { payloadOf } = setup(contract);
      const type = 'a"b\\c\u2028d';
      const payload = payloadOf(sampleEvent({ type, data: '{"customer":{}}' })).toString();
      const said = JSON.parse(payload);
      const [members] = [said.results ?? said].flat();
      assert.ok(Object.values(members).includes(type), payload);
    });

    it("request() sets no header that an endpoint might have set, too", () => {
      const { endpoint } = setup(contract);
      const event = sampleEvent({ data: '{"customer":{}}' });
      const { headers } = rendered(contract.request(endpoint, [event], sampleAttempt()));
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      const reserved = ["content-type", ...(contract.reservedHeaders ?? [])];
      assert.deepEqual(
        names.filter((name) => !reserved.includes(name)),
        [],
      );
    });

    it("makeSecret() makes what checkEndpoint() takes, another one each time", () => {
      const { endpoint } = setup(contract);
      const secrets = [1, 2].map((fill) =>
        contract.makeSecret((count) => Buffer.alloc(count, fill), { hmac: true }),
      );
      assert.notEqual(secrets[0], secrets[1]);
      const problems = secrets.map((secret) =>
        contract.checkEndpoint({ url: endpoint.url, secret, settings: {} }),
      );
      assert.deepEqual(problems, [[], []]);
    });

    it("checkEndpoint() refuses a setting it does not know, and a short secret without repeating it", () => {
      const draft = { url: "https://receiver.example/:name", secret: "hunter2", settings: { color: "red" } };
      const problems = contract.checkEndpoint(draft);
      assert.deepEqual(
        problems.map(({ pointer }) => pointer),
        ["/settings/color", "/secret"],
      );
      assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
    });

    it("checkEndpoint() finds nothing wrong with the defaults that the schema of its settings names", () => {
      const { endpoint } = setup(contract);
      const settings = Object.fromEntries(
        Object.entries(contract.settingsSchema?.properties ?? {}).flatMap(([name, schema]) =>
          schema.default === undefined ? [] : [[name, schema.default]],
        ),
      );
      const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), settings);
      assert.deepEqual(contract.checkEndpoint({ url: endpoint.url, secret, settings }), []);
    });

    it("verdict() gives a reason that is a stable code, whatever the answer", () => {
      const answers = fc.oneof(
        fc.constantFrom(...answersWithoutStatus),
        fc
          .record({ status: fc.nat(999), body: fc.string() })
          .map(({ status, body }) => sampleAnswer(status, { body })),
      );
      fc.assert(
        fc.property(answers, (answer) => {
          const verdict = contract.verdict(answer, 0);
          assert.ok(verdict.kind === "delivered" || /^[a-z][a-z0-9_]*$/.test(verdict.reason));
        }),
      );
    });

    it("the catalogue names each type once, and a replacement that is itself in use", () => {
      const { eventTypes } = contract.catalogue;
      const inUse = new Set(
        eventTypes.filter((type) => type.deprecatedFor === undefined).map(({ name }) => name),
      );
      assert.equal(new Set(eventTypes.map(({ name }) => name)).size, eventTypes.length);
      for (const { deprecatedFor } of eventTypes) {
        assert.ok(deprecatedFor === undefined || inUse.has(deprecatedFor), String(deprecatedFor));
      }
    });
  });
}
