import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import type { HttpSender } from "./http-sender.ts";
import {
  bodyOf,
  holdDeadline,
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  setupSender,
  until,
} from "./receiver-fixture.ts";

function connectionsOf(sender: HttpSender) {
  const { bytesRead: _, ...connections } = sender.counts();
  return connections;
}

describe("createHttpSender()", () => {
  it("send() posts the payload's bytes and reads the answer", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(
      t,
      "HTTP/1.1 202 Accepted\r\nX-Id: 7\r\ncontent-length: 3\r\n\r\nyes",
    );
    const payload = Buffer.from([0x7b, 0x00, 0xff, 0x7d]);
    const headers = { "content-type": "application/json", "Webhook-Id": "evt_1" };
    const sent = await post(`${receiver.origin}/a%20b?q=1#part`, { payload, headers });

    assert.equal(inShort(sent), "status 202 whole");
    assert.equal(bodyOf(sent), "yes");
    assert.equal(sent.answer.kind === "status" && sent.answer.headers["x-id"], "7");
    const [head = "", body] = (receiver.received()[0] ?? "").split("\r\n\r\n");
    assert.equal(body, payload.toString("latin1"));
    assert.deepEqual(head.split("\r\n").sort(), [
      "POST /a%20b?q=1 HTTP/1.1",
      "Webhook-Id: evt_1",
      "accept-encoding: identity",
      "connection: keep-alive",
      "content-length: 4",
      "content-type: application/json",
      `host: 127.0.0.1:${receiver.port}`,
      "user-agent: Posthorn/0.0.0",
    ]);
  });

  it("send() makes requests of other methods, without a body where there is no payload", async (t) => {
    for (const method of ["GET", "OPTIONS"] as const) {
      const { post } = setupSender(t);
      const receiver = await listenAnswering(t, OK);
      const sent = await post(`${receiver.origin}/a`, { method, payload: new Uint8Array(), headers: {} });
      assert.equal(inShort(sent), "status 200 whole");
      const [head = "", body] = (receiver.received()[0] ?? "").split("\r\n\r\n");
      assert.match(head, new RegExp(`^${method} /a HTTP/1.1\r\n`));
      assert.doesNotMatch(head, /content-length/i);
      assert.equal(body, "");
    }
  });

  it("send() measures the phases in order", async (t) => {
    let now = 0;
    const { post } = setupSender(t, { now: () => now++ });
    const receiver = await listenAnswering(t, OK);
    const { phases } = await post(receiver.origin);
    const { connectedMs = -1, headersMs = -1, endMs } = phases;
    assert.ok(connectedMs >= 0 && connectedMs < headersMs && headersMs < endMs, JSON.stringify(phases));
  });

  it("send() lets a contract name its own user-agent", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, OK);
    await post(receiver.origin, { headers: { "User-Agent": "Acme-Hooks/2" } });
    assert.match(receiver.received()[0] ?? "", /\r\nUser-Agent: Acme-Hooks\/2\r\n/);
    assert.doesNotMatch(receiver.received()[0] ?? "", /Posthorn/);
  });

  const UNSENDABLE: readonly Record<string, string>[] = [
    { "x-a": "1\r\nx-evil: 2" },
    { "x-a": "1\n" },
    { "x-a": "nul\0" },
    { "x-a": "日本" },
    { "x a": "1" },
    { "x-a\r\nx-evil": "1" },
    { "": "1" },
    { Host: "evil.example" },
    { "content-length": "0" },
    { "Transfer-Encoding": "chunked" },
    { "accept-encoding": "gzip" },
    { connection: "close" },
    { Expect: "100-continue" },
    { "webhook-id": "1", "Webhook-Id": "2" },
  ];

  for (const headers of UNSENDABLE) {
    it(`send() refuses the headers ${JSON.stringify(headers)} before it connects`, async (t) => {
      const { post } = setupSender(t);
      const receiver = await listenAnswering(t, OK);
      const sent = await post(receiver.origin, { headers });
      assert.equal(inShort(sent), "unsendable request_invalid");
      assert.equal(receiver.sockets.length, 0);
      assert.doesNotMatch(JSON.stringify(sent.answer), /evil/);
    });
  }

  it("send() takes an answer that came in time, although the process was too busy to read it", async (t) => {
    const { timeoutMs, pass } = holdDeadline(t);
    const { post } = setupSender(t);
    const answer = (socket: Socket): void => {
      socket.write(OK);
      // A timer that is due already rings before anything more is read.
      setTimeout(pass, 1);
      const freeAt = performance.now() + 5;
      while (performance.now() < freeAt);
    };
    const receiver = await listen(t, (socket) => onRequest(socket, () => answer(socket)));

    assert.equal(inShort(await post(receiver.origin, { timeoutMs })), "status 200 whole");
  });

  it("send() uses one connection for requests that follow one another", async (t) => {
    const { post, sender } = setupSender(t);
    const receiver = await listenAnswering(t, OK);
    for (let n = 0; n < 20; n++) {
      assert.equal(inShort(await post(`${receiver.origin}/${n}`)), "status 200 whole");
    }
    assert.equal(receiver.sockets.length, 1);
    assert.deepEqual(connectionsOf(sender), { pools: 1, connections: 1, idle: 1, inFlight: 0 });
  });

  it("send() never shares a connection between tenants", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, OK);
    await post(receiver.origin, { tenantId: "ten_1" });
    await post(receiver.origin, { tenantId: "ten_2" });
    await post(receiver.origin, { tenantId: "ten_1" });
    assert.equal(receiver.sockets.length, 2);
  });

  it("send() does not let a hanging request hold up its neighbour of the same origin", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listen(t, (socket) =>
      onRequest(socket, (request) => {
        if (!request.includes("/hang")) {
          socket.write(OK);
        }
      }),
    );
    const hanging = Array.from({ length: 100 }, () => post(`${receiver.origin}/hang`, { timeoutMs: 60_000 }));
    assert.equal(inShort(await post(`${receiver.origin}/fine`)), "status 200 whole");
    assert.equal(hanging.length, 100);
  });

  it("keeps idle connections and pools within their limits", async (t) => {
    const { post, sender } = setupSender(t, { poolsMax: 3, idlePerPoolMax: 2, idleMax: 4 });
    const receiver = await listenAnswering(t, OK);
    for (const tenantId of ["a", "b", "c", "d", "e"]) {
      await Promise.all(Array.from({ length: 5 }, () => post(receiver.origin, { tenantId })));
      const { pools, idle, connections } = sender.counts();
      assert.ok(pools <= 3 && idle <= 4 && connections <= 4, JSON.stringify(sender.counts()));
    }
    assert.equal(sender.counts().pools, 3);
  });

  it("forgets an idle connection that the receiver closes", async (t) => {
    const { post, sender } = setupSender(t);
    const receiver = await listenAnswering(t, OK);
    await post(receiver.origin);
    const [socket] = receiver.sockets;
    assert.ok(socket !== undefined);
    socket.end();
    await until(() => sender.counts().connections === 0);
    assert.deepEqual(connectionsOf(sender), { pools: 1, connections: 0, idle: 0, inFlight: 0 });
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    assert.equal(receiver.sockets.length, 2);
    assert.deepEqual(connectionsOf(sender), { pools: 1, connections: 1, idle: 1, inFlight: 0 });
  });

  it("close() waits for what is in flight", async (t) => {
    const { post, sender } = setupSender(t);
    let answerNow = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    let answer = (): void => {};
    const receiver = await listen(t, (socket) =>
      onRequest(socket, () => {
        answer = () => socket.write(OK);
        answerNow();
      }),
    );
    const sending = post(receiver.origin);
    await arrived;
    const closing = sender.close(60_000);
    answer();
    assert.equal(inShort(await sending), "status 200 whole");
    await closing;
    assert.deepEqual(connectionsOf(sender), { pools: 0, connections: 0, idle: 0, inFlight: 0 });
    assert.equal(inShort(await post(receiver.origin)), "sender_failed sender_closed");
  });

  it("send() can be cut off while the request is out, and not after", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listen(t);
    const recalls = new Set<() => void>();
    const waiting = post(receiver.origin, { recalls });

    assert.equal(recalls.size, 1);
    recalls.forEach((cutOff) => cutOff());
    assert.equal(inShort(await waiting), "sender_failed sender_recalled");
    assert.equal(recalls.size, 0);
  });

  it("close() ends what is still in flight after the grace", async (t) => {
    const { post, sender } = setupSender(t);
    const receiver = await listen(t);
    const waiting = post(receiver.origin);
    const dialling = post("http://slow.example/");
    await sender.close(1);
    assert.equal(inShort(await waiting), "sender_failed sender_closed");
    assert.match(inShort(await dialling), /^(unreachable dns_not_found|sender_failed sender_closed)$/);
    assert.equal(sender.counts().connections, 0);
  });
});
