import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import {
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  setupSender,
  unusedPort,
} from "./receiver-fixture.ts";

/** What can happen to a kept connection in the very moment when the next request is written to it. */
const CROSSING: readonly (readonly [what: string, act: (socket: Socket) => void])[] = [
  ["closes", (socket) => socket.end()],
  ["destroys", (socket) => socket.destroy()],
  ["resets", (socket) => socket.resetAndDestroy()],
];

describe("send() on a kept connection", () => {
  it("never sends a request again when the connection breaks under it", async (t) => {
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

  for (const [what, act] of CROSSING) {
    it(`makes an ordinary failure of a request that crosses a receiver that ${what}`, async (t) => {
      const { post } = setupSender(t);
      const receiver = await listenAnswering(t, OK);
      assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
      const [socket] = receiver.sockets;
      assert.ok(socket !== undefined);
      // Nothing of this reaches the sender before it writes: both happen in one turn of the event loop.
      act(socket);
      assert.match(inShort(await post(receiver.origin)), /^unreachable connection_(closed|reset)$/);
      assert.equal(receiver.sockets.length, 1, "it is for the lane to try again");
    });
  }

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

  it("closes a connection on which more than one answer comes", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, OK + OK.replace("200", "500"));
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    assert.equal(receiver.sockets.length, 2);
  });
});

describe("send() where no connection can be made", () => {
  it("says that nothing listens", async (t) => {
    const { post } = setupSender(t);
    const sent = await post(`http://127.0.0.1:${await unusedPort()}/`);
    assert.equal(inShort(sent), "unreachable connection_refused");
  });
});
