import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { likeShown, openPage, PAGE_TEST, placeOf, readPage } from "./page.ts";

describe("docs/guides/ordered.md", () => {
  it("shows a hold, a skip and a pause as they are", PAGE_TEST, async (t) => {
    const { reader, client } = await openPage(t, { path: "docs/guides/ordered.md", ports: [3002] });
    await reader.type(/^listening$/m);
    const [, endpoint = ""] = await reader.type(/"id":"(ep_\w+)"/);
    reader.learn("ep_…", endpoint);
    await reader.type(/points 10 sent\n[\s\S]*points -5 failure\n/);
    const [held] = await reader.type(likeShown("docs/guides/ordered.md", '  "lane": {'));
    assert.match(held, /"waiting": 2,[\s\S]*"held_since": "2[\s\S]*"reason": "outcome_failure"/);

    const [head] = await Array.fromAsync(client.listDeliveries("acme", { state: "retrying" }));
    reader.learn("dlv_…", head?.id);
    await reader.type(/"state":"retrying"/);
    await reader.type(/^skipped 1$/m);
    await reader.see("terminal 1", /points 20 sent/);
    assert.equal((await client.getEndpoint("acme", endpoint)).missed, 1);
    await reader.type(/ paused\nevt_\w+\n[\s\S]* enabled\n/);
    await reader.see("terminal 1", /points 30 sent/);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/guides/security.md", () => {
  it("rotates a secret, makes a key that may only send, and erases a subject", PAGE_TEST, async (t) => {
    const { reader, client } = await openPage(t, { path: "docs/guides/security.md" });
    const endpoint = await client.createEndpoint("acme", { url: "http://127.0.0.1:3002/hooks" });
    reader.learn("ep_…", endpoint.id);
    const [, secret] = await reader.type(/^(whsec_\S+)$/m);
    assert.notEqual(secret, endpoint.secret);
    const { secrets } = await client.getEndpoint("acme", endpoint.id);
    assert.equal(secrets.length, 2, "the older one is good for a while");

    await reader.type(/^phk_\w{49}$/m);
    const keys = await Array.fromAsync(client.listKeys("acme"));
    assert.deepEqual(
      keys.map(({ name, scopes, rate_per_second }) => [name, scopes, rate_per_second]),
      [["billing", ["events:write"], 50]],
    );

    const event = { type: "a.b", subject: "customer-7", data: { secret: 1 } };
    const sent = await client.sendEvents("acme", event);
    assert.ok("id" in sent);
    await reader.type(/^204$/m);
    const erased = await client.getEvent("acme", sent.id);
    assert.equal(JSON.stringify(erased).includes("customer-7"), false);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/upgrades.md", () => {
  it("copies a database that is served, and says what it lacks", PAGE_TEST, async (t) => {
    const { reader } = await openPage(t, { path: "docs/operating/upgrades.md" });
    await reader.type(/before-upgrade\.db/);
    await reader.type(/^migrations applied: \d+, missing: none$/m);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/tracing.md", () => {
  it("prints the spans of one trace, from accepting to an attempt", PAGE_TEST, async (t) => {
    const place = placeOf(t);
    const [port, receiverPort] = [await freePort(), await freePort()];
    const reader = readPage(place, {
      path: "docs/operating/tracing.md",
      env: { POSTHORN_PORT: String(port), POSTHORN_LOG_LEVEL: "error" },
      standIns: { "http://127.0.0.1:8080": `http://127.0.0.1:${port}`, "3002": String(receiverPort) },
    });
    reader.learn("phk_…", (await reader.type(/^Admin key {2}(\S+)$/m))[1]);
    const [, event] = await reader.type(/"id":"(evt_\w+)"/);
    const span = (name: string) => `traceId: '4bf92f3577b34da6a3ce929d0e0e4736',[\\s\\S]*name: '${name}',`;
    await reader.see("terminal 1", new RegExp(span("posthorn.accept")));
    const ended = `'posthorn.event': '${event}',[\\s\\S]*'error.type': 'connection_refused'`;
    await reader.see("terminal 1", new RegExp(`${span("posthorn.attempt")}[\\s\\S]*${ended}`));
    assert.equal(reader.left(), 0);
  });
});
