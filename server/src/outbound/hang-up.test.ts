import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import {
  bodyOf,
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  setupSender,
  unusedPort,
} from "./receiver-fixture.ts";

describe("send() to a receiver that hangs up", () => {
  it("says that nothing listens", async (t) => {
    const { post } = setupSender(t);
    const sent = await post(`http://127.0.0.1:${await unusedPort()}/`);
    assert.equal(inShort(sent), "unreachable connection_refused");
  });

  const HANG_UPS: readonly { when: string; act: (socket: Socket) => void; expected: RegExp }[] = [
    {
      when: "resets as it accepts",
      act: (socket) => socket.resetAndDestroy(),
      expected: /^unreachable connection_(reset|closed)$/,
    },
    {
      when: "resets within the request",
      act: (socket) => socket.once("data", () => socket.resetAndDestroy()),
      expected: /^unreachable connection_reset$/,
    },
    {
      when: "resets after the request",
      act: (socket) => onRequest(socket, () => socket.resetAndDestroy()),
      expected: /^unreachable connection_reset$/,
    },
    {
      when: "closes after the request",
      act: (socket) => onRequest(socket, () => socket.end()),
      expected: /^unreachable connection_closed$/,
    },
    {
      when: "closes within its headers",
      act: (socket) => onRequest(socket, () => socket.end("HTTP/1.1 200 OK\r\nx: ")),
      expected: /^unreachable connection_closed$/,
    },
    {
      when: "closes within its body",
      act: (socket) => onRequest(socket, () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok")),
      expected: /^status 200 broken$/,
    },
    {
      when: "closes within a chunk",
      act: (socket) =>
        onRequest(socket, () => socket.end("HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab")),
      expected: /^status 500 broken$/,
    },
    {
      when: "resets within its body",
      act: (socket) =>
        onRequest(socket, () => {
          socket.write("HTTP/1.1 204 No Content\r\n\r\n");
          socket.write("HTTP/1.1", () => socket.resetAndDestroy());
        }),
      expected: /^status 204 whole$/,
    },
    {
      when: "ends its body by closing",
      act: (socket) => onRequest(socket, () => socket.end("HTTP/1.0 200 OK\r\n\r\nok")),
      expected: /^status 200 whole$/,
    },
  ];

  for (const { when, act, expected } of HANG_UPS) {
    it(`tells how it went when the receiver ${when}`, async (t) => {
      const { post, sender } = setupSender(t);
      const receiver = await listen(t, act);
      const sent = await post(receiver.origin, { payload: Buffer.alloc(500_000, "x") });
      assert.match(inShort(sent), expected);
      assert.equal(receiver.sockets.length, 1);
      assert.equal(sender.counts().inFlight, 0);
    });
  }

  it("delivers once when the receiver resets within the body of a 2xx", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listen(t, (socket) =>
      onRequest(socket, () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok");
        setTimeout(() => socket.resetAndDestroy(), 50);
      }),
    );
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 broken");
    assert.equal(bodyOf(sent), "ok");
    assert.equal(receiver.sockets.length, 1);
  });

  it("never sends a request again when a kept connection breaks under it", async (t) => {
    const { post } = setupSender(t);
    const requests: string[] = [];
    const receiver = await listen(t, (socket) => {
      let count = 0;
      onRequest(socket, (request) => {
        requests.push(request);
        count++;
        if (count === 1) {
          socket.write(OK);
        } else {
          socket.destroy();
        }
      });
    });
    assert.equal(inShort(await post(`${receiver.origin}/1`)), "status 200 whole");
    assert.match(inShort(await post(`${receiver.origin}/2`)), /^unreachable connection_(closed|reset)$/);
    assert.equal(requests.length, 2);
  });

  it("sends every request exactly once to a receiver that closes after each without a word", async (t) => {
    const { post } = setupSender(t);
    const requests: string[] = [];
    const receiver = await listen(t, (socket) =>
      onRequest(socket, (request) => {
        requests.push(request.split(" ")[1] ?? "");
        socket.end(OK);
      }),
    );
    for (let n = 0; n < 20; n++) {
      await post(`${receiver.origin}/${n}`);
    }
    assert.equal(new Set(requests).size, requests.length);
  });

  it("opens a connection for each request where the receiver says `Connection: close`", async (t) => {
    const { post, sender } = setupSender(t);
    const answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
    const receiver = await listenAnswering(t, answer);
    for (let n = 0; n < 5; n++) {
      assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    }
    assert.equal(receiver.sockets.length, 5);
    assert.ok(sender.counts().connections <= 1);
  });
});
