import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import type { Contract } from "@posthorn/contracts/contract";
import {
  answersWithoutStatus,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "@posthorn/contracts/samples";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import { checkedContract } from "./checked-contract.ts";

const endpoint = sampleEndpoint({ url: "https://receiver.example/:name" });
const event = sampleEvent({ data: '{"customer":{}}' });
const sendable = { kind: "request", url: "https://x.example/", headers: {}, payload: new Uint8Array() };
const greeting = { id: "grt_00000000000000000000000000000001", at: 0 } as const;
const limits = { eventsMax: 1, bytesMax: 1, waitMs: 0 };

/** A contract whose functions do as they are told, seen through the check. */
function setup(result: () => unknown) {
  const contract: Contract = {
    ...standard,
    name: "acme",
    request: () => untyped(result()),
    verdict: () => untyped(result()),
    handshake: {
      everyMs: 60_000,
      request: () => untyped(result()),
      reception: () => untyped(result()),
    },
    batchLimits: () => untyped(result()),
    makeSecret: () => untyped(result()),
    publicKeyOf: () => untyped(result()),
    jwkOf: () => untyped(result()),
    checkEndpoint: () => untyped(result()),
  };
  const checked = checkedContract(contract);
  const draft = { url: "", secret: undefined, settings: {} };
  return {
    request: () => checked.request(endpoint, [event], sampleAttempt()),
    verdict: () => checked.verdict(sampleAnswer(200), 0),
    "handshake.request": () => checked.handshake?.request(endpoint, greeting),
    "handshake.reception": () =>
      checked.handshake?.reception({ endpoint, greeting, answer: sampleAnswer(200), at: 0 }),
    batchLimits: () => checked.batchLimits?.({}),
    makeSecret: () => checked.makeSecret((count) => new Uint8Array(count), {}),
    publicKeyOf: () => checked.publicKeyOf?.("secret"),
    jwkOf: () => checked.jwkOf?.("key"),
    checkEndpoint: () => checked.checkEndpoint(draft),
  };
}

/** What plain JavaScript returns where TypeScript would not. */
function untyped(result: unknown): never {
  // @ts-expect-error -- a user's contract may be plain JavaScript
  return result;
}

type Member = keyof ReturnType<typeof setup>;

const CODES: Readonly<Record<Member, string>> = {
  request: "contract_request",
  verdict: "contract_verdict",
  "handshake.request": "contract_handshake_request",
  "handshake.reception": "contract_handshake_reception",
  batchLimits: "contract_batch_limits",
  makeSecret: "contract_make_secret",
  publicKeyOf: "contract_public_key_of",
  jwkOf: "contract_jwk_of",
  checkEndpoint: "contract_check_endpoint",
};
const MEMBERS: readonly Member[] = [
  "request",
  "verdict",
  "handshake.request",
  "handshake.reception",
  "batchLimits",
  "makeSecret",
  "publicKeyOf",
  "jwkOf",
  "checkEndpoint",
];

const INVALID: Readonly<Record<Member, readonly unknown[]>> = {
  request: [
    undefined,
    null,
    "request",
    [],
    { ...sendable, kind: "send" },
    { ...sendable, url: new URL("https://x.example/") },
    { ...sendable, method: "get" },
    { ...sendable, payload: "canary" },
    { ...sendable, payload: new Uint8Array(16 * 1024 * 1024 + 1) },
    { ...sendable, headers: undefined },
    { ...sendable, headers: ["x"] },
    { ...sendable, headers: { x: 7 } },
    { ...sendable, headers: { x: "canary\r\ny: z" } },
    { ...sendable, headers: { x: "canaryé" } },
    { ...sendable, headers: { "canary canary": "1" } },
    { ...sendable, headers: { "Content-Length": "1" } },
    { ...sendable, headers: { "x-a": "1", "X-A": "2" } },
    { kind: "unrenderable" },
    { kind: "unrenderable", reason: "the canary" },
    { kind: "unrenderable", reason: "r", offsets: [] },
    { kind: "unrenderable", reason: "r", offsets: [event.offset, 7] },
    { kind: "unrenderable", reason: "r", offsets: event.offset },
  ],
  verdict: [
    undefined,
    "delivered",
    {},
    { kind: "ok" },
    { kind: "retry" },
    { kind: "hold", reason: "" },
    { kind: "rejected", reason: "The canary" },
    { kind: "disable", reason: `a${"b".repeat(64)}` },
    { kind: "retry", reason: "r", afterMs: "60" },
    { kind: "hold", reason: "r", afterMs: Number.NaN },
    { kind: "hold", reason: "r", afterMs: 1n },
  ],
  "handshake.request": [
    null,
    { ...sendable, kind: "unrenderable", reason: "r" },
    { ...sendable, method: "CONNECT" },
    { ...sendable, payload: undefined },
  ],
  "handshake.reception": [
    undefined,
    {},
    { kind: "delivered" },
    { kind: "refused" },
    { kind: "refused", reason: "The canary" },
    { kind: "refused", reason: "r", afterMs: "1" },
    { kind: "accepted", ratePerSecond: 0 },
    { kind: "accepted", ratePerSecond: Number.NaN },
    { kind: "accepted", ratePerSecond: "2" },
  ],
  batchLimits: [
    undefined,
    {},
    { ...limits, eventsMax: 0 },
    { ...limits, eventsMax: 1_001 },
    { ...limits, bytesMax: Number.NaN },
    { ...limits, waitMs: -1 },
    { ...limits, waitMs: 3_600_001 },
  ],
  makeSecret: [null, "", 7, "x".repeat(513), "\ud800"],
  publicKeyOf: [null, 7, {}],
  jwkOf: [undefined, null, "canary", ["canary"], { kty: 7 }],
  checkEndpoint: [undefined, "canary", [7], [{ pointer: "/url" }], [{ detail: "canary" }]],
};

const VALID: Readonly<Record<Member, readonly unknown[]>> = {
  request: [
    sendable,
    { ...sendable, headers: { "X-A": "", b: "1 2" }, payload: new Uint8Array(16 * 1024 * 1024) },
    { ...sendable, url: "not a url: the guard says so" },
    { kind: "unrenderable", reason: "subject_missing" },
    { kind: "unrenderable", reason: "r2", offsets: [event.offset] },
  ],
  verdict: [
    { kind: "delivered" },
    { kind: "rejected", reason: "never" },
    { kind: "retry", reason: "r", afterMs: 0 },
    { kind: "retry", reason: "r", afterMs: undefined },
    { kind: "hold", reason: "r", afterMs: -1 },
    { kind: "hold", reason: "r", afterMs: Infinity },
    { kind: "disable", reason: "gone" },
  ],
  "handshake.request": [undefined, sendable, { ...sendable, method: "OPTIONS" }],
  "handshake.reception": [
    { kind: "accepted" },
    { kind: "accepted", ratePerSecond: 0.01 },
    { kind: "refused", reason: "status_404", afterMs: 5 },
  ],
  batchLimits: [limits, { eventsMax: 1_000, bytesMax: 16 * 1024 * 1024, waitMs: 3_600_000 }],
  makeSecret: [undefined, "s"],
  publicKeyOf: [undefined, "key"],
  jwkOf: [{}, { kty: "OKP" }],
  checkEndpoint: [[], [{ pointer: "/url", detail: "must be another" }]],
};

describe("checkedContract()", () => {
  for (const member of MEMBERS) {
    test(`checkedContract() passes on what ${member}() may return`, () => {
      for (const value of VALID[member]) {
        assert.deepEqual(setup(() => value)[member](), value);
      }
    });

    for (const [index, value] of INVALID[member].entries()) {
      test(`checkedContract() refuses what ${member}() may not return, in way ${index}`, () => {
        assert.throws(setup(() => value)[member], (error: Error & { code: string }) => {
          assert.equal(error.code, `${CODES[member]}_invalid`);
          assert.match(
            error.message,
            new RegExp(`^what ${member}\\(\\) of the contract "acme" returns must `),
          );
          assert.doesNotMatch(error.message, /canary/i);
          return true;
        });
      });
    }

    test(`checkedContract() says that ${member}() threw, and keeps what was thrown as the cause only`, () => {
      const thrown = new TypeError("canary");
      const throwing = setup(() => {
        throw thrown;
      });
      assert.throws(throwing[member], {
        code: `${CODES[member]}_threw`,
        message: `${member}() of the contract "acme" threw`,
        cause: thrown,
      });
    });

    test(`checkedContract() takes no promise of ${member}(); a rejected one ends no process`, async () => {
      const promising = setup(() => Promise.reject(new Error("canary")));
      assert.throws(promising[member], { code: `${CODES[member]}_invalid`, message: /is a promise$/ });
      // A rejection that nobody took would be reported within this turn, and fail the test.
      await new Promise((resolve) => setImmediate(resolve));
    });
  }

  test("checkedContract() has batchLimits only where the contract has them, and as its method", () => {
    assert.equal(checkedContract(standard).batchLimits, undefined);
    const own = {
      ...spektr,
      eventsMax: 7,
      batchLimits() {
        return { ...limits, eventsMax: this.eventsMax };
      },
    };
    assert.equal(checkedContract(own).batchLimits?.({}).eventsMax, 7);
  });

  test("checkedContract() leaves no function of a contract unchecked", () => {
    for (const contract of [standard, bspk, spektr, bubblehouse]) {
      const checked = new Map(Object.entries(checkedContract(contract)));
      const unchecked = Object.entries(contract).filter(
        ([name, member]) => typeof member === "function" && checked.get(name) === member,
      );
      assert.deepEqual(unchecked, []);
    }
  });

  test("checkedContract() finds nothing wrong with the vendors' contracts", () => {
    for (const contract of [standard, bspk, spektr, bubblehouse]) {
      const checked = checkedContract(contract);
      const secret = checked.makeSecret((count) => Buffer.alloc(count, 7), { hmac: true });
      const secrets = secret === undefined ? [] : [secret];
      checked.request({ ...endpoint, secrets }, [event], sampleAttempt());
      for (const answer of [
        ...answersWithoutStatus,
        sampleAnswer(200),
        sampleAnswer(429),
        sampleAnswer(410),
      ]) {
        checked.verdict(answer, 0);
      }
      checked.batchLimits?.({});
      assert.deepEqual(checked.checkEndpoint({ url: endpoint.url, secret, settings: {} }), []);
    }
  });
});
