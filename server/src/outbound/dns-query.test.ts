import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { answerOf, createDnsQuery, parseHosts } from "./dns-query.ts";
import { type Reply, type ReplyTo, startNameServer } from "./name-server-fixture.ts";

async function ask(t: TestContext, replyTo: ReplyTo) {
  const { address, asked } = await startNameServer(t, replyTo);
  const dns = createDnsQuery({ servers: [address] });
  t.after(() => dns.cancel());
  return { answer: await dns.query("hooks.example"), asked };
}

describe("createDnsQuery()", () => {
  it("query() finds the addresses of both families", async (t) => {
    const { answer, asked } = await ask(t, () => ({ records: ["192.0.2.1", "2001:db8::1"] }));
    assert.deepEqual(answer, { addresses: ["192.0.2.1", "2001:db8::1"], ttlMs: 7_000 });
    assert.deepEqual(asked.toSorted(), ["A hooks.example", "AAAA hooks.example"]);
  });

  const FAILURES: readonly (readonly [what: string, reply: Reply, failed: string])[] = [
    ["NXDOMAIN", { rcode: 3 }, "dns_not_found"],
    ["an empty answer", {}, "dns_not_found"],
    ["SERVFAIL", { rcode: 2 }, "dns_failed"],
    ["REFUSED", { rcode: 5 }, "dns_failed"],
    ["an alias and no address", { records: ["elsewhere.example"] }, "dns_not_found"],
    ["an alias of itself", { records: ["hooks.example"] }, "dns_not_found"],
  ];

  for (const [what, reply, failed] of FAILURES) {
    it(`query() makes ${failed} of ${what}`, async (t) => {
      assert.deepEqual((await ask(t, () => reply)).answer, { failed });
    });
  }

  it("query() follows an alias within the answer", async (t) => {
    const { answer } = await ask(t, () => ({ records: ["elsewhere.example", "192.0.2.7"] }));
    assert.deepEqual("addresses" in answer && answer.addresses, ["192.0.2.7"]);
  });

  it("query() asks over TCP where an answer is too long for UDP", async (t) => {
    const records = Array.from({ length: 500 }, (_, n) => `192.0.${n >> 8}.${n & 255}`);
    const { answer } = await ask(t, () => ({ records, isTruncated: true }));
    assert.deepEqual("addresses" in answer && answer.addresses, records);
  });

  it("query() ends for a server that says nothing, or garbage", async (t) => {
    for (const reply of [undefined, Buffer.alloc(0), Buffer.from("garbage"), Buffer.alloc(600, 0xff)]) {
      const { address } = await startNameServer(t, () => reply);
      const dns = createDnsQuery({ servers: [address], timeoutMs: 100 });
      assert.ok("failed" in (await dns.query("hooks.example")));
    }
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
