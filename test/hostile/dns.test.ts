/** Name servers that lie, turn, stall and talk nonsense, asked by the sender's own resolver. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setupCanary } from "../../server/src/outbound/canary-fixture.ts";
import { createDnsQuery } from "../../server/src/outbound/dns-query.ts";
import { type Reply, type ReplyTo, startNameServer } from "../../server/src/outbound/name-server-fixture.ts";
import {
  inShort,
  listenAnswering,
  OK,
  type SetupOptions,
  setupSender,
} from "../../server/src/outbound/receiver-fixture.ts";
import { createHostResolver } from "../../server/src/outbound/resolve.ts";

async function setup(t: TestContext, replyTo: ReplyTo, options: SetupOptions = {}) {
  const { address, asked } = await startNameServer(t, replyTo);
  const clock = { now: 0 };
  const resolver = createHostResolver({
    now: () => clock.now,
    dns: createDnsQuery({ servers: [address] }),
    hosts: new Map(),
  });
  t.after(() => resolver.close());
  return { ...setupSender(t, { resolve: resolver.resolve, ...options }), asked, clock };
}

const LONG = Array.from({ length: 500 }, (_, n) => `127.1.${n >> 8}.${n & 255}`);

// The only address that may be called: whatever slipped through beside it would reach the canary.
const ALLOWED = "127.0.0.2";

const FORBIDDEN: readonly (readonly [what: string, records: readonly string[]])[] = [
  ["an address of this machine", ["127.0.0.1"]],
  ["one of this machine among allowed ones", [ALLOWED, "127.0.0.1", ALLOWED]],
  ["an allowed one in IPv4 and one of this machine in IPv6", [ALLOWED, "::1"]],
  ["this machine as IPv4 within IPv6", [ALLOWED, "::ffff:7f00:1"]],
  ["an alias that leads to this machine", ["elsewhere.example", "127.0.0.1"]],
  ["any address", ["0.0.0.0"]],
  ["a metadata server", ["169.254.169.254"]],
  ["five hundred addresses of this machine", LONG],
];

describe("send() to a name that DNS says is", () => {
  for (const [what, records] of FORBIDDEN) {
    it(`${what}: nothing is connected to`, async (t) => {
      const canary = await setupCanary(t);
      const { post, sender } = await setup(t, () => ({ records }), { allow: [`${ALLOWED}/32`] });
      const sent = await post(`http://hooks.example:${canary.port}/`);
      assert.equal(inShort(sent), "blocked address_not_allowed");
      assert.equal(sender.counts().connections, 0);
      canary.assertUntouched();
    });
  }

  it("another one a moment later (rebinding): each connection is judged anew", async (t) => {
    const canary = await setupCanary(t);
    let records = [ALLOWED];
    const options = { allow: [`${ALLOWED}/32`] };
    const { post, asked, clock } = await setup(t, () => ({ records, ttl: 0 }), options);
    const url = `http://turning.example:${canary.port}/`;
    await post(url);
    assert.equal(canary.calls(), 1);
    records = ["127.0.0.1"];
    clock.now += 60_000;
    assert.equal(inShort(await post(url)), "blocked address_not_allowed");
    assert.equal(canary.calls(), 1);
    assert.ok(asked.length >= 4, "it was asked again");
  });
});

const FAILING: readonly (readonly [what: string, reply: Reply, comesTo: string])[] = [
  ["there is no such name", { rcode: 3 }, "unreachable dns_not_found"],
  ["there is no address", {}, "unreachable dns_not_found"],
  ["it failed", { rcode: 2 }, "unreachable dns_failed"],
  ["it will not tell", { rcode: 5 }, "unreachable dns_failed"],
  ["the name is its own alias", { records: ["hooks.example"] }, "unreachable dns_not_found"],
  ["nothing at all", undefined, "timed_out timeout_dns"],
  ["less than an answer", Buffer.from([0x81]), "unreachable dns_failed"],
];

describe("send() when the name server says that", () => {
  for (const [what, reply, comesTo] of FAILING) {
    it(`${what} comes to ${comesTo}`, async (t) => {
      const { post, sender } = await setup(t, () => reply);
      // An answer is waited for however busy the machine is.
      const deadline = reply === undefined ? { timeoutMs: 1_000 } : {};
      assert.equal(inShort(await post("http://hooks.example/", deadline)), comesTo);
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("one name is not to be had: other names go ahead meanwhile", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { post } = await setup(t, (name) =>
      name === "slow.example" ? undefined : { records: ["127.0.0.1"] },
    );
    const slow = Array.from({ length: 100 }, (_, n) => post(`http://slow.example:${10_100 + n}/`));
    assert.equal(inShort(await post(`http://quick.example:${receiver.port}/`)), "status 200 whole");
    const first = await Promise.race([Promise.any(slow).then(inShort), Promise.resolve("still asking")]);
    assert.equal(first, "still asking");
  });

  it("a name has five hundred addresses: the first that answers is taken", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const records = ["127.0.0.1", ...LONG];
    const { post } = await setup(t, () => ({ records, isTruncated: true }));
    assert.equal(inShort(await post(`http://hooks.example:${receiver.port}/`)), "status 200 whole");
  });
});
