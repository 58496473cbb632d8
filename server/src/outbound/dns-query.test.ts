import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { answerOf, createDnsQuery, parseHosts } from "./dns-query.ts";

const TYPE_A = 1;
const TYPE_CNAME = 5;

interface Reply {
  /** RFC 1035: 0 fine, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly rcode: number;
  readonly records: readonly { type: number; data: readonly number[] }[];
}

/** A name server on 127.0.0.1 that answers by the type asked for. */
async function nameServer(t: TestContext, reply: (type: number) => Reply): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const nameEnd = question.indexOf(0, 12) + 1;
    const { rcode, records } = reply(question.readUInt16BE(nameEnd));
    const answers = records.map(({ type, data }) =>
      // Name: a pointer to the question's; class IN; 7 seconds to live.
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 7, 0, data.length, ...data]),
    );
    const header = Buffer.from([0, 0, 0x81, 0x80 | rcode, 0, 1, 0, answers.length, 0, 0, 0, 0]);
    question.copy(header, 0, 0, 2);
    socket.send(
      Buffer.concat([header, question.subarray(12, nameEnd + 4), ...answers]),
      from.port,
      from.address,
    );
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

async function ask(t: TestContext, reply: (type: number) => Reply) {
  const dns = createDnsQuery({ servers: [await nameServer(t, reply)] });
  return dns.query("hooks.example.com");
}

describe("createDnsQuery()", () => {
  it("query() finds the addresses of both families", async (t) => {
    const v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const answer = await ask(t, (type) => ({
      rcode: 0,
      records: [{ type, data: type === TYPE_A ? [192, 0, 2, 1] : v6 }],
    }));
    assert.deepEqual(answer, { addresses: ["192.0.2.1", "2001:db8::1"], ttlMs: 7_000 });
  });

  it("query() finds nothing where there is nothing", async (t) => {
    assert.deepEqual(await ask(t, () => ({ rcode: 3, records: [] })), { failed: "dns_not_found" });
    assert.deepEqual(await ask(t, () => ({ rcode: 0, records: [] })), { failed: "dns_not_found" });
  });

  it("query() says that servers failed", async (t) => {
    assert.deepEqual(await ask(t, () => ({ rcode: 2, records: [] })), { failed: "dns_failed" });
    assert.deepEqual(await ask(t, () => ({ rcode: 5, records: [] })), { failed: "dns_failed" });
  });

  it("query() ends for a name that is an alias of itself", async (t) => {
    const records = [{ type: TYPE_CNAME, data: [0xc0, 12] }];
    assert.ok("failed" in (await ask(t, () => ({ rcode: 0, records }))));
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
