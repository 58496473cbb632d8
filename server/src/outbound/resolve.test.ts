import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DnsAnswer, parseHosts } from "./dns-query.ts";
import { ADDRESSES_OF_NAME_MAX, createHostResolver, type HostResolver } from "./resolve.ts";

function setup(answer: DnsAnswer | Error, hosts: ReadonlyMap<string, readonly string[]> = new Map()) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const resolver: HostResolver = createHostResolver({
    now: () => clock.now,
    hosts,
    dns: {
      async query(hostname) {
        asked.push(hostname);
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
      cancel: () => {},
    },
  });
  return { clock, asked, ...resolver };
}

describe("createHostResolver()", () => {
  it("resolve() asks once for concurrent questions about one name", async () => {
    const { resolve, asked } = setup({ addresses: ["192.0.2.1"], ttlMs: 60_000 });
    const found = await Promise.all([resolve("a.example"), resolve("a.example"), resolve("b.example")]);
    assert.deepEqual(found[0], { addresses: ["192.0.2.1"] });
    assert.deepEqual(asked, ["a.example", "b.example"]);
  });

  const LIVES: readonly (readonly [ttlMs: number, livesMs: number])[] = [
    [0, 1_000],
    [30_000, 30_000],
    [86_400_000, 60_000],
  ];

  for (const [ttlMs, livesMs] of LIVES) {
    it(`resolve() remembers an answer with a time-to-live of ${ttlMs} ms for ${livesMs} ms`, async () => {
      const { resolve, asked, clock } = setup({ addresses: ["192.0.2.1"], ttlMs });
      await resolve("a.example");
      clock.now = livesMs - 1;
      await resolve("a.example");
      assert.equal(asked.length, 1);
      clock.now = livesMs;
      await resolve("a.example");
      assert.equal(asked.length, 2);
    });
  }

  it("resolve() remembers a failure for a moment only", async () => {
    const { resolve, asked, clock } = setup({ failed: "dns_not_found" });
    assert.deepEqual(await resolve("a.example"), { failed: "dns_not_found" });
    await resolve("a.example");
    assert.equal(asked.length, 1);
    clock.now = 2_000;
    await resolve("a.example");
    assert.equal(asked.length, 2);
  });

  it("resolve() answers dns_failed when the question itself fails", async () => {
    const { resolve } = setup(new Error("no socket"));
    assert.deepEqual(await resolve("a.example"), { failed: "dns_failed" });
  });

  it("resolve() forgets the oldest name rather than grow without end", async () => {
    const { resolve, asked } = setup({ addresses: ["192.0.2.1"], ttlMs: 60_000 });
    for (let n = 0; n <= 10_000; n++) {
      await resolve(`h${n}.example`);
    }
    await resolve("h10000.example");
    assert.equal(asked.length, 10_001);
    await resolve("h0.example");
    assert.equal(asked.length, 10_002);
  });

  it("resolve() keeps some addresses of a name that has thousands", async () => {
    const addresses = Array.from({ length: 4_000 }, (_, n) => `192.0.${n >> 8}.${n & 255}`);
    const { resolve } = setup({ addresses, ttlMs: 60_000 });
    assert.deepEqual(await resolve("a.example"), { addresses: addresses.slice(0, ADDRESSES_OF_NAME_MAX) });
  });

  it("resolve() reads the hosts file before it asks", async () => {
    const hosts = parseHosts("172.17.0.1 host.docker.internal\n");
    const { resolve, asked } = setup({ failed: "dns_not_found" }, hosts);
    assert.deepEqual(await resolve("host.docker.internal"), { addresses: ["172.17.0.1"] });
    assert.deepEqual(asked, []);
  });
});
