import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerOf, type DnsAnswer, parseHosts } from "./dns-query.ts";
import { createHostResolver, type HostResolver } from "./resolve.ts";

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

  it("resolve() reads the hosts file before it asks", async () => {
    const hosts = parseHosts("172.17.0.1 host.docker.internal\n");
    const { resolve, asked } = setup({ failed: "dns_not_found" }, hosts);
    assert.deepEqual(await resolve("host.docker.internal"), { addresses: ["172.17.0.1"] });
    assert.deepEqual(asked, []);
  });
});

describe("parseHosts()", () => {
  it("reads names in any case, several addresses, comments and rubbish", () => {
    const text =
      "# 10.0.0.9 no\n127.0.0.1\tlocalhost Local.Example # self\r\n::1 localhost\nnonsense x\n\n10.0.0.1\n";
    assert.deepEqual(
      [...parseHosts(text)],
      [
        ["localhost", ["127.0.0.1", "::1"]],
        ["local.example", ["127.0.0.1"]],
      ],
    );
  });
});

describe("answerOf()", () => {
  const found = (address: string, ttl: number) =>
    ({ status: "fulfilled", value: [{ address, ttl }] }) as const;
  const failed = (code: string) =>
    ({ status: "rejected", reason: Object.assign(new Error(code), { code }) }) as const;

  it("joins both families, IPv4 first, for the shorter time-to-live", () => {
    const answer = answerOf(found("192.0.2.1", 60), found("2001:db8::1", 5));
    assert.deepEqual(answer, { addresses: ["192.0.2.1", "2001:db8::1"], ttlMs: 5_000 });
  });

  it("is content with one family", () => {
    assert.deepEqual(answerOf(failed("ESERVFAIL"), found("2001:db8::1", 5)), {
      addresses: ["2001:db8::1"],
      ttlMs: 5_000,
    });
    assert.deepEqual(answerOf(found("192.0.2.1", 5), failed("ETIMEOUT")), {
      addresses: ["192.0.2.1"],
      ttlMs: 5_000,
    });
  });

  const FAILURES: readonly (readonly [string, string, string])[] = [
    ["ENOTFOUND", "ENOTFOUND", "dns_not_found"],
    ["ENODATA", "ENOTFOUND", "dns_not_found"],
    ["ESERVFAIL", "ENODATA", "dns_failed"],
    ["EREFUSED", "EREFUSED", "dns_failed"],
    ["ETIMEOUT", "ETIMEOUT", "timeout_dns"],
    ["ETIMEOUT", "ENODATA", "timeout_dns"],
    ["ECANCELLED", "ECANCELLED", "dns_failed"],
  ];

  for (const [v4, v6, expected] of FAILURES) {
    it(`reads ${v4} and ${v6} as ${expected}`, () => {
      assert.deepEqual(answerOf(failed(v4), failed(v6)), { failed: expected });
    });
  }
});
