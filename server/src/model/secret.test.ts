import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isLive, LIVE_SECRETS_MAX, type Rotation, rotated, type SealedSecret } from "./secret.ts";

const NOW = 1_000_000;

function secretOf(number: number, expiresAt?: number): SealedSecret {
  return { number, sealed: Uint8Array.of(number), publicKey: undefined, createdAt: number, expiresAt };
}

function rotationOf(change: Partial<Rotation> = {}): Rotation {
  return { sealed: Uint8Array.of(99), publicKey: "pk", overlapMs: 500, now: NOW, ...change };
}

function endsOf(secrets: readonly SealedSecret[] | undefined): unknown {
  return secrets?.map(({ number, expiresAt }) => [number, expiresAt]);
}

describe("isLive()", () => {
  test("isLive() ends at the moment itself, and never where there is none", () => {
    assert.equal(isLive({ expiresAt: NOW }, NOW - 1), true);
    assert.equal(isLive({ expiresAt: NOW }, NOW), false);
    assert.equal(isLive({ expiresAt: undefined }, Number.MAX_SAFE_INTEGER), true);
  });
});

describe("rotated()", () => {
  test("rotated() puts the new secret first and ends the one before it with the overlap", () => {
    assert.deepEqual(rotated([secretOf(1)], rotationOf()), [
      {
        number: 2,
        sealed: Uint8Array.of(99),
        publicKey: "pk",
        createdAt: NOW,
        expiresAt: undefined,
      },
      { ...secretOf(1), expiresAt: NOW + 500 },
    ]);
  });

  test("rotated() gives the first secret to an endpoint without one", () => {
    assert.deepEqual(endsOf(rotated([], rotationOf())), [[1, undefined]]);
  });

  test("rotated() prolongs no secret that ends before the overlap, and shortens one that ends after", () => {
    const secrets = [secretOf(4), secretOf(3, NOW + 9_000), secretOf(2, NOW + 100)];
    assert.deepEqual(endsOf(rotated(secrets, rotationOf())), [
      [5, undefined],
      [4, NOW + 500],
      [3, NOW + 500],
      [2, NOW + 100],
    ]);
  });

  test("rotated() leaves out what has expired, and with no overlap everything older", () => {
    const secrets = [secretOf(3), secretOf(2, NOW + 1), secretOf(1, NOW)];
    assert.deepEqual(endsOf(rotated(secrets, rotationOf())), [
      [4, undefined],
      [3, NOW + 500],
      [2, NOW + 1],
    ]);
    assert.deepEqual(endsOf(rotated(secrets, rotationOf({ overlapMs: 0 }))), [[4, undefined]]);
  });

  test("rotated() gives nothing where more secrets would be live than may be", () => {
    const older = Array.from({ length: LIVE_SECRETS_MAX - 1 }, (_, at) => secretOf(9 - at, NOW + 1));
    const secrets = [secretOf(10), ...older];

    assert.equal(rotated(secrets, rotationOf()), undefined);
    assert.equal(rotated(secrets, rotationOf({ overlapMs: 0 }))?.length, 1);
    assert.equal(rotated(secrets, rotationOf({ now: NOW + 1 }))?.length, 2);
    assert.equal(rotated(secrets.slice(1), rotationOf())?.length, LIVE_SECRETS_MAX);
  });
});
