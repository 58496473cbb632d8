import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOOPBACK_URLS, setupCanary } from "./canary-fixture.ts";
import { createGuard, type Guard } from "./guard.ts";
import { inShort, listen, listenAnswering, OK, onRequest, setupSender } from "./receiver-fixture.ts";
import type { Resolution } from "./resolve.ts";

function resolving(...answers: readonly (readonly string[])[]): () => Promise<Resolution> {
  let count = 0;
  return async () => ({ addresses: answers[Math.min(count++, answers.length - 1)] ?? [] });
}

describe("the canary", () => {
  it("notices every one of these URLs where all addresses are listed", async (t) => {
    const canary = await setupCanary(t);
    const { post } = setupSender(t, { allow: ["0.0.0.0/0", "::/0"] });
    for (const url of LOOPBACK_URLS) {
      const before = canary.calls();
      const sent = await post(url.replace("PORT", String(canary.port)));
      // Some are written so oddly that they are not even read.
      const isRead = inShort(sent) !== "blocked url_not_allowed";
      assert.equal(canary.calls() > before, isRead, `${url} came to ${inShort(sent)}`);
    }
    assert.ok(canary.calls() > 15);
  });
});

describe("send() with an empty list", () => {
  for (const url of LOOPBACK_URLS) {
    it(`makes no connection for ${JSON.stringify(url)}`, async (t) => {
      const canary = await setupCanary(t);
      const { post } = setupSender(t, { allow: [], resolve: resolving(["127.0.0.1"]) });
      const { answer } = await post(url.replace("PORT", String(canary.port)));
      assert.equal(answer.kind, "blocked");
      canary.assertUntouched();
    });
  }
});

describe("send() with a list", () => {
  // Only 127.0.0.2 is listed: whatever slipped through beside it would reach the canary.
  const FORBIDDEN_ANSWERS: readonly (readonly string[])[] = [
    ["127.0.0.1"],
    ["127.0.0.1", "127.0.0.2"],
    ["127.0.0.2", "127.0.0.1"],
    ["127.0.0.2", "::1"],
    ["::ffff:127.0.0.1"],
    ["0.0.0.0"],
    ["not an address"],
  ];

  for (const addresses of FORBIDDEN_ANSWERS) {
    it(`makes no connection for a name that means ${addresses.join(" and ")}`, async (t) => {
      const canary = await setupCanary(t);
      const { post } = setupSender(t, { allow: ["127.0.0.2/32"], resolve: resolving(addresses) });
      const sent = await post(`http://hooks.example:${canary.port}/`);
      assert.equal(inShort(sent), "blocked address_not_allowed");
      canary.assertUntouched();
    });
  }

  it("forbids a name from the moment it means something else (rebinding)", async (t) => {
    const answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    const receiver = await listen(t, (socket) => onRequest(socket, () => socket.write(answer)), "0.0.0.0");
    const resolve = resolving(["127.0.0.2"], ["127.0.0.1"]);
    const { post } = setupSender(t, { allow: ["127.0.0.2/32"], resolve });
    const url = `http://hooks.example:${receiver.port}/`;
    assert.equal(inShort(await post(url)), "status 200 whole");
    assert.equal(inShort(await post(url)), "blocked address_not_allowed");
    assert.equal(receiver.sockets.length, 1);
    assert.equal(receiver.sockets[0]?.localAddress, "127.0.0.2");
  });

  it("sends nothing when the peer that answers is not allowed after all", async (t) => {
    const receiver = await listenAnswering(t, OK);
    let looks = 0;
    const open = createGuard({ allow: ["127.0.0.0/8"] });
    const turning: Guard = {
      ...open,
      // A literal is looked at as a host, as an address to connect to, and as the peer that answered.
      addressFault: (...asked) => (++looks <= 2 ? open.addressFault(...asked) : "no longer allowed"),
    };
    const { post } = setupSender(t, { guard: turning });
    assert.equal(inShort(await post(receiver.origin)), "blocked address_not_allowed");
    assert.equal(receiver.received().join(""), "");
    assert.equal(looks, 3);
  });

  it("makes no connection to Posthorn's own port, by literal, name or answer", async (t) => {
    const canary = await setupCanary(t);
    const allow = ["0.0.0.0/0", "::/0"];
    const guard = createGuard({ allow, isSelf: (_address, port) => port === canary.port });
    const { post } = setupSender(t, { guard, resolve: resolving(["127.0.0.1"]) });
    for (const host of ["127.0.0.1", "localhost", "[::1]", "hooks.example"]) {
      assert.equal(inShort(await post(`http://${host}:${canary.port}/`)), "blocked address_not_allowed");
    }
    canary.assertUntouched();
  });

  it("reaches localhost where both of its addresses are listed", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { post } = setupSender(t);
    assert.equal(inShort(await post(`http://localhost:${receiver.port}/`)), "status 200 whole");
    assert.equal(inShort(await post(`http://app.localhost:${receiver.port}/`)), "status 200 whole");
  });

  it("tries a name's addresses one after another", async (t) => {
    const receiver = await listen(t, (socket) => onRequest(socket, () => socket.write(OK)), "127.0.0.3");
    const { post } = setupSender(t, { resolve: resolving(["127.0.0.2", "::1", "127.0.0.3"]) });
    assert.equal(inShort(await post(`http://hooks.example:${receiver.port}/`)), "status 200 whole");
  });

  it("tries eight addresses of a name and no more", async (t) => {
    const receiver = await listen(t, (socket) => onRequest(socket, () => socket.write(OK)), "127.0.0.99");
    const silent = Array.from({ length: 8 }, (_, n) => `127.0.0.${n + 10}`);
    const { post } = setupSender(t, { resolve: resolving([...silent, "127.0.0.99"]) });
    const sent = await post(`http://hooks.example:${receiver.port}/`);
    assert.equal(inShort(sent), "unreachable connection_refused");
  });

  it("copes with a name of 500 addresses", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const addresses = Array.from({ length: 500 }, (_, n) => `127.0.${n >> 8}.${n & 255}`).toSpliced(0, 1);
    const { post } = setupSender(t, { resolve: resolving(addresses) });
    assert.equal(inShort(await post(`http://hooks.example:${receiver.port}/`)), "status 200 whole");
  });
});

describe("send() and redirects", () => {
  for (const status of [300, 301, 302, 303, 307, 308]) {
    it(`does not follow a ${status}`, async (t) => {
      const canary = await setupCanary(t);
      const location = `http://127.0.0.1:${canary.port}/`;
      const receiver = await listenAnswering(
        t,
        `HTTP/1.1 ${status} Elsewhere\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`,
      );
      const { post } = setupSender(t);
      const sent = await post(receiver.origin);
      assert.equal(inShort(sent), `status ${status} whole`);
      assert.equal(sent.answer.kind === "status" && sent.answer.headers["location"], location);
      canary.assertUntouched();
    });
  }
});

describe("send() and DNS", () => {
  const FAILURES: readonly { resolution: Resolution; expected: string }[] = [
    { resolution: { failed: "dns_not_found" }, expected: "unreachable dns_not_found" },
    { resolution: { failed: "dns_failed" }, expected: "unreachable dns_failed" },
    { resolution: { failed: "timeout_dns" }, expected: "timed_out timeout_dns" },
    { resolution: { addresses: [] }, expected: "unreachable dns_not_found" },
  ];

  for (const { resolution, expected } of FAILURES) {
    it(`answers ${expected} for ${JSON.stringify(resolution)}`, async (t) => {
      const { post, sender } = setupSender(t, { resolve: async () => resolution });
      assert.equal(inShort(await post("http://hooks.example/")), expected);
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("answers dns_failed when resolving throws", async (t) => {
    const { post } = setupSender(t, { resolve: () => Promise.reject(new Error("boom")) });
    assert.equal(inShort(await post("http://hooks.example/")), "unreachable dns_failed");
  });

  it("ends at the deadline while DNS is silent, and connects to nothing when it speaks later", async (t) => {
    const canary = await setupCanary(t);
    let speak: (resolution: Resolution) => void = () => {};
    const resolve = (): Promise<Resolution> =>
      new Promise((done) => {
        speak = done;
      });
    const { post } = setupSender(t, { resolve });
    const url = `http://hooks.example:${canary.port}/`;
    assert.equal(inShort(await post(url, { timeoutMs: 50 })), "timed_out timeout_dns");
    speak({ addresses: ["127.0.0.1"] });
    await new Promise((done) => setImmediate(done));
    canary.assertUntouched();
  });

  it("ends at the connection's own limit where the attempt has longer", async (t) => {
    const { post } = setupSender(t, { resolve: () => new Promise(() => {}), connectTimeoutMs: 50 });
    assert.equal(
      inShort(await post("http://hooks.example/", { timeoutMs: 60_000 })),
      "timed_out timeout_dns",
    );
  });

  it("lets other hosts go ahead while one name is slow", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { post } = setupSender(t, { resolve: () => new Promise(() => {}) });
    const slow = post("http://slow.example/", { timeoutMs: 60_000 });
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    const first = await Promise.race([slow, Promise.resolve("still resolving")]);
    assert.equal(first, "still resolving");
  });
});
