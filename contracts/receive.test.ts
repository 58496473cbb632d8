import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bspkEventTypes } from "./bspk/event-types.ts";
import { receiveBspk } from "./bspk/receive.ts";
import { bspkSchemas } from "./bspk/schemas.ts";
import { bspk } from "./bspk/send.ts";
import { bubblehouseEventTypes } from "./bubblehouse/event-types.ts";
import { receiveBubblehouse } from "./bubblehouse/receive.ts";
import { bubblehouseSchemas } from "./bubblehouse/schemas.ts";
import { bubblehouse } from "./bubblehouse/send.ts";
import { receiveCloudEvents } from "./cloudevents/receive.ts";
import { cloudEvents, cloudEventsBatch } from "./cloudevents/send.ts";
import type { Contract, ContractEvent, ContractRequest, Settings } from "./contract.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { ReceivedEvent, ReceivedRequest, ReceivingHalf } from "./receiving.ts";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "./samples.ts";
import { spektrEventTypes } from "./spektr/event-types.ts";
import { receiveSpektr } from "./spektr/receive.ts";
import { spektrSchemas } from "./spektr/schemas.ts";
import { spektr } from "./spektr/send.ts";
import { receiveStandard } from "./standard/receive.ts";
import { publicKeyOf } from "./standard/secret.ts";
import { standard } from "./standard/send.ts";

interface Side {
  readonly contract: Contract;
  readonly types: readonly string[];
  readonly schemaOf: (type: string) => JsonSchema;
  /** What a `switch` sees of an event of this name. */
  readonly typeOf: (name: string, data: { customer_only?: unknown }) => string;
  readonly receive: (secrets: readonly string[], now: () => number) => ReceivingHalf<ReceivedEvent>;
  readonly settings?: Settings;
  /** How late a request may be, in seconds, and is not refused; undefined where nothing says when it is. */
  readonly lateSecondsMax?: number;
  /** Whether what proves the sender covers the body. */
  readonly signsPayload: boolean;
}

const schemasOf = (schemas: Readonly<Record<string, JsonSchema>>) => (type: string) => schemas[type] ?? {};
const names = (types: readonly { name: string }[]) => types.map(({ name }) => name);

const sides: readonly Side[] = [
  {
    contract: standard,
    types: ["invoice.paid", "unknown", 'a b\u2028"c'],
    schemaOf: () => ({}),
    typeOf: (name) => name,
    receive: (secrets, now) => receiveStandard({ secrets, now }),
    lateSecondsMax: 300,
    signsPayload: true,
  },
  {
    contract: standard,
    types: ["invoice.paid"],
    schemaOf: () => ({}),
    typeOf: (name) => name,
    receive: (secrets, now) => receiveStandard({ secrets: secrets.map(publicKeyOf), now }),
    settings: { signature: "v1a" },
    lateSecondsMax: 300,
    signsPayload: true,
  },
  {
    contract: bspk,
    types: names(bspkEventTypes),
    schemaOf: schemasOf(bspkSchemas),
    typeOf: (name) => name,
    receive: (secrets, now) => receiveBspk({ secrets, now }),
    signsPayload: false,
  },
  ...(["timestamp.body", "timestampbody", "body"] as const).map((signedString) => ({
    contract: spektr,
    types: names(spektrEventTypes),
    schemaOf: schemasOf(spektrSchemas),
    typeOf: (name: string) => name,
    receive: (secrets: readonly string[], now: () => number) => receiveSpektr({ secrets, now, signedString }),
    settings: { hmac: true, signed_string: signedString },
    lateSecondsMax: 300,
    signsPayload: true,
  })),
  {
    contract: bubblehouse,
    types: [...names(bubblehouseEventTypes), "customer_only"],
    schemaOf: (type) =>
      schemasOf(bubblehouseSchemas)(type === "Asset Unlocked" ? "Achievement Unlocked" : type),
    typeOf: (name, data) => {
      if (data.customer_only === true) return "customer_only";
      return name === "Asset Unlocked" ? "Achievement Unlocked" : name;
    },
    receive: (secrets, now) => receiveBubblehouse({ secrets, now }),
    // The token is valid for 300 seconds, and 60 of leeway.
    lateSecondsMax: 359,
    signsPayload: false,
  },
  ...[
    { contract: cloudEvents, settings: { mode: "structured" } },
    { contract: cloudEvents, settings: { mode: "binary" } },
    { contract: cloudEventsBatch },
  ].map((side) => ({
    ...side,
    types: ["invoice.paid", "unknown", 'a b\u2028"c%'],
    schemaOf: () => ({}),
    typeOf: (name: string) => name,
    receive: (secrets: readonly string[], now: () => number) => receiveCloudEvents({ secrets, now }),
    signsPayload: false,
  })),
];

const nameOf = ({ contract, settings }: Side) =>
  `${contract.name}${settings ? JSON.stringify(settings) : ""}`;

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: "binary" }),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  integer: fc.maxSafeInteger(),
  boolean: fc.boolean(),
  null: fc.constant(null),
};

/** Generates what a schema describes, with members that it does not know where it expects some. */
function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  const types = [schema.type ?? []].flat();
  return types.length === 0
    ? fc.jsonValue({ maxDepth: 2 })
    : fc.oneof(...types.map((type) => ofType(schema, type)));
}

function ofType(schema: JsonSchema, type: string): fc.Arbitrary<unknown> {
  if (type === "array") return fc.array(valueOf(schema.items ?? {}), { maxLength: 3 });
  if (type === "object") return objectOf(schema);
  if (schema.format === "date-time" && type === "string") {
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
      .map((date) => date.toISOString());
  }
  return scalars[type] ?? fc.constant(null);
}

function objectOf({
  properties = {},
  required = [],
  additionalProperties,
}: JsonSchema): fc.Arbitrary<object> {
  const members = Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)] as const);
  const known = fc.record(Object.fromEntries(members), { requiredKeys: [...required] });
  if (!additionalProperties) return known;
  const others = fc.dictionary(
    fc.string().map((name) => `x${name}`),
    fc.jsonValue({ maxDepth: 1 }),
    { maxKeys: 3 },
  );
  return fc.tuple(others, known).map(([unknown, object]) => ({ ...unknown, ...object }));
}

function setup(side: Side) {
  const { contract, settings = { hmac: true } } = side;
  const [secret = "", otherSecret = ""] = [1, 2].map((fill) =>
    contract.makeSecret((count) => Buffer.alloc(count, fill), settings),
  );
  const endpoint = sampleEndpoint({
    url: "https://receiver.example/:name",
    secrets: [secret],
    settings: side.settings ?? {},
  });
  const { at } = sampleAttempt();
  return {
    secret,
    otherSecret,
    at,
    half: side.receive([secret], () => at),
    send: (...events: readonly ContractEvent[]) =>
      received(rendered(contract.request(endpoint, events, sampleAttempt()))),
  };
}

function received({ url, headers, payload }: ContractRequest): ReceivedRequest {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method: "POST", url, headers: Object.fromEntries(lowerCase), payload: Uint8Array.from(payload) };
}

function eventsOf(half: ReceivingHalf<ReceivedEvent>, request: ReceivedRequest): readonly ReceivedEvent[] {
  const parsed = half.parse(request);
  return parsed.kind === "events" ? parsed.events : assert.fail(`events, not ${JSON.stringify(parsed)}`);
}

/** A request that was changed on its way, or is one byte longer. */
function changedPayload({ payload }: ReceivedRequest): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.nat(payload.length), fc.integer({ min: 1, max: 255 })).map(([at, difference]) => {
    const changed = Uint8Array.from([...payload, ...(at === payload.length ? [0] : [])]);
    changed[at] = (changed[at] ?? 0) ^ difference;
    return changed;
  });
}

for (const side of sides) {
  const { types, schemaOf } = side;
  describe(`sender and receiver of ${nameOf(side)}`, () => {
    for (const type of types) {
      it(`what was published as ${JSON.stringify(type)} is what verify() and parse() give`, async () => {
        const { half, send } = setup(side);
        await fc.assert(
          fc.asyncProperty(valueOf(schemaOf(type)), async (value) => {
            const data = JSON.stringify(value);
            const request = send(sampleEvent({ type, data }));
            assert.deepEqual(await half.verify(request), { kind: "ok" });
            const [event] = eventsOf(half, request);
            assert.ok(event);
            assert.equal(event.name, type);
            assert.equal(event.type, side.typeOf(type, Object(value)));
            assert.deepEqual(event.data, JSON.parse(data));
          }),
          { numRuns: 20 },
        );
      });
    }

    it("a request is refused by those who hold another secret, taken by those who hold both", async () => {
      const { send, secret, otherSecret, at } = setup(side);
      const request = send(sampleEvent({ data: '{"customer":{}}' }));
      const verify = (...secrets: readonly string[]) => side.receive(secrets, () => at).verify(request);
      assert.deepEqual(await verify(otherSecret, secret), { kind: "ok" });
      assert.deepEqual(await verify(secret, otherSecret), { kind: "ok" });
      assert.equal((await verify(otherSecret)).kind, "refused");
    });

    it("a request is refused without any one of the headers that prove its sender", async () => {
      const { half, send } = setup(side);
      const request = send(sampleEvent({ data: '{"customer":{}}' }));
      const proofs = Object.keys(request.headers).filter((name) =>
        /^(webhook-(id|timestamp|signature)|x-bspk-|x-signature(-timestamp|-alg)?$|authorization)/.test(name),
      );
      assert.ok(proofs.length > 0);
      for (const name of proofs) {
        for (const value of [undefined, "", "x"]) {
          const changed = { ...request, headers: { ...request.headers, [name]: value } };
          assert.equal((await half.verify(changed)).kind, "refused", `${name}: ${value}`);
        }
      }
    });
  });
}

for (const side of sides.filter(({ signsPayload }) => signsPayload)) {
  it(`verify() refuses a changed byte of the payload: ${nameOf(side)}`, async () => {
    const { half, send } = setup(side);
    const request = send(sampleEvent());
    await fc.assert(
      fc.asyncProperty(changedPayload(request), async (payload) => {
        const verification = await half.verify({ ...request, payload });
        assert.deepEqual(verification, { kind: "refused", reason: "signature_mismatch" });
      }),
    );
  });
}

for (const side of sides) {
  const { receive, lateSecondsMax } = side;
  if (lateSecondsMax === undefined) continue;
  it(`verify() refuses what is too old or too early: ${nameOf(side)}`, async () => {
    const { send, secret, at } = setup(side);
    const request = send(sampleEvent({ data: '{"customer":{}}' }));
    const after = (seconds: number) => receive([secret], () => at + seconds * 1_000).verify(request);
    for (const seconds of [0, -60, lateSecondsMax]) {
      assert.deepEqual(await after(seconds), { kind: "ok" }, String(seconds));
    }
    for (const seconds of [lateSecondsMax + 1, 1e6, -302, -1e6]) {
      const { kind } = await after(seconds);
      assert.equal(kind, "refused", String(seconds));
    }
  });
}
