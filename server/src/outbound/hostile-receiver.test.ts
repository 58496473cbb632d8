import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { ANSWER_BYTES_MAX, ANSWER_HEADER_LENGTH_MAX, ANSWER_HEADERS_MAX } from "./exchange.ts";
import {
  bodyOf,
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  type Receiver,
  setupSender,
} from "./receiver-fixture.ts";

// Long enough to connect and answer on a busy machine, short enough to wait for.
const DEADLINE_MS = 1_000;

/** Writes again and again until the socket is gone. */
function keepWriting(t: TestContext, socket: Socket, text: string | Buffer): void {
  const timer = setInterval(() => socket.write(text), 5);
  socket.on("close", () => clearInterval(timer));
  t.after(() => clearInterval(timer));
}

/** Waits until the receiver's first connection is gone, however it went. */
async function closed({ sockets: [socket] }: Receiver): Promise<void> {
  assert.ok(socket !== undefined);
  if (!socket.closed) {
    await new Promise((resolve) => socket.once("close", resolve));
  }
}

describe("send() to a receiver that wastes time", { concurrency: true }, () => {
  const WASTERS: readonly { does: string; head: string; again?: string; expected: string }[] = [
    { does: "says nothing", head: "", expected: "timed_out timeout_headers" },
    {
      does: "stops within its headers",
      head: "HTTP/1.1 200 OK\r\nx: ",
      expected: "timed_out timeout_headers",
    },
    {
      does: "writes its headers byte by byte",
      head: "HTTP/1.1 200 OK\r\nx: ",
      again: "y",
      expected: "timed_out timeout_headers",
    },
    {
      does: "floods informational answers",
      head: "",
      again: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
      expected: "timed_out timeout_headers",
    },
    {
      does: "never ends its status line",
      head: "HTTP/1.1 200 O",
      again: "K".repeat(1_000),
      expected: "timed_out timeout_headers",
    },
    {
      does: "stops within its body",
      head: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",
      expected: "status 200 broken",
    },
    {
      does: "writes its body byte by byte",
      head: "HTTP/1.1 503 Busy\r\ncontent-length: 50000\r\n\r\n",
      again: "x",
      expected: "status 503 broken",
    },
    {
      does: "never ends a chunk's extension",
      head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
      again: "x",
      expected: "status 200 broken",
    },
  ];

  for (const { does, head, again, expected } of WASTERS) {
    it(`ends at the deadline when the receiver ${does}`, async (t) => {
      const { post, sender } = setupSender(t);
      const receiver = await listen(t, (socket) =>
        onRequest(socket, () => {
          socket.write(head);
          if (again !== undefined) {
            keepWriting(t, socket, again);
          }
        }),
      );
      const sent = await post(receiver.origin, { timeoutMs: DEADLINE_MS });
      assert.equal(inShort(sent), expected);
      assert.ok(sent.phases.endMs >= DEADLINE_MS - 5, "not before the deadline");
      assert.ok(sent.phases.endMs < DEADLINE_MS * 10, `soon after it: ${sent.phases.endMs} ms`);
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("does not take an answer after the deadline, and closes the connection", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listen(t);
    assert.equal(
      inShort(await post(receiver.origin, { timeoutMs: DEADLINE_MS })),
      "timed_out timeout_headers",
    );
    const [socket] = receiver.sockets;
    assert.ok(socket !== undefined);
    socket.write(OK);
    await closed(receiver);
  });
});

describe("send() to a receiver that answers without end", () => {
  const ENDLESS: readonly { does: string; head: string; again: string }[] = [
    {
      does: "a body until the connection closes",
      head: "HTTP/1.1 200 OK\r\n\r\n",
      again: "x".repeat(65_536),
    },
    {
      does: "a body of a length it names",
      head: "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n",
      again: "x".repeat(65_536),
    },
    {
      does: "chunks",
      head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
      again: `4000\r\n${"x".repeat(16_384)}\r\n`,
    },
  ];

  for (const { does, head, again } of ENDLESS) {
    it(`reads 64 KB of ${does} and hangs up`, async (t) => {
      const { post } = setupSender(t);
      const receiver = await listen(t, (socket) =>
        onRequest(socket, () => {
          socket.write(head);
          keepWriting(t, socket, again);
        }),
      );
      const sent = await post(receiver.origin, { timeoutMs: 60_000 });
      assert.equal(inShort(sent), "status 200 capped");
      assert.equal(bodyOf(sent)?.length, ANSWER_BYTES_MAX);
      await closed(receiver);
    });
  }

  it("reads a body of exactly 64 KB whole", async (t) => {
    const { post } = setupSender(t);
    const body = "x".repeat(ANSWER_BYTES_MAX);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    const receiver = await listenAnswering(t, head + body);
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(bodyOf(sent)?.length, ANSWER_BYTES_MAX);
  });

  it("never inflates a compressed body", async (t) => {
    const { post } = setupSender(t);
    const zipped = gzipSync(Buffer.alloc(50_000_000));
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`;
    const receiver = await listenAnswering(t, Buffer.concat([Buffer.from(head), zipped]));
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(bodyOf(sent), zipped.toString("latin1"));
  });

  it("caps the headers it keeps in number and length, and joins repeated ones", async (t) => {
    const { post } = setupSender(t);
    const many = Array.from({ length: 200 }, (_, n) => `x-${n}: ${n}\r\n`).join("");
    const cookies = "Set-Cookie: a\r\nset-cookie: b\r\n";
    const head = `__proto__: polluted\r\n${cookies}x-long: ${"v".repeat(4_000)}\r\n${many}`;
    const receiver = await listenAnswering(t, `HTTP/1.1 200 OK\r\n${head}content-length: 0\r\n\r\n`);
    const { answer } = await post(receiver.origin);
    assert.ok(answer.kind === "status");
    assert.equal(Object.keys(answer.headers).length, ANSWER_HEADERS_MAX);
    assert.equal(answer.headers["x-long"]?.length, ANSWER_HEADER_LENGTH_MAX);
    assert.equal(answer.headers["set-cookie"], "a, b");
    assert.equal(Object.getPrototypeOf(answer.headers), Object.prototype);
  });
});

describe("send() to a receiver that breaks HTTP", () => {
  const long = "v".repeat(20_000);
  const many = Array.from({ length: 10_000 }, (_, n) => `h${n}: 1\r\n`).join("");
  const ANSWERS: readonly (readonly [what: string, answer: string, expected: string])[] = [
    ["garbage", "hello, I am not HTTP\r\n\r\n", "bad_response response_malformed"],
    ["binary garbage", "\x00\x01\x02\xff\xfe", "bad_response response_malformed"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "bad_response response_malformed"],
    ["HTTP/0.9", "<html>hi</html>", "bad_response response_malformed"],
    ["HTTP/2", "HTTP/2 200\r\n\r\n", "bad_response response_malformed"],
    ["a status of 99", "HTTP/1.1 99 Low\r\n\r\n", "bad_response response_malformed"],
    ["a status of 000", "HTTP/1.1 000 Zero\r\n\r\n", "bad_response response_malformed"],
    ["a status of 600", "HTTP/1.1 600 High\r\n\r\n", "bad_response response_status_invalid"],
    ["a status of 999", "HTTP/1.1 999 Go away\r\n\r\n", "bad_response response_status_invalid"],
    ["an unasked 100", "HTTP/1.1 100 Continue\r\n\r\n", "bad_response response_malformed"],
    [
      "an unasked 101",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
      "bad_response response_malformed",
    ],
    ["a header of 20 KB", `HTTP/1.1 200 OK\r\nx: ${long}\r\n\r\n`, "bad_response response_headers_too_large"],
    ["10,000 headers", `HTTP/1.1 200 OK\r\n${many}\r\n`, "bad_response response_headers_too_large"],
    ["a NUL in a header", "HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n", "bad_response response_malformed"],
    [
      "both lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      "bad_response response_malformed",
    ],
    [
      "two lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
      "bad_response response_malformed",
    ],
    [
      "a chunk size that is none",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
      "status 200 broken",
    ],
    [
      "trailers of 20 KB",
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: ${long}\r\n\r\n`,
      "status 200 broken",
    ],
  ];

  for (const [what, answer, expected] of ANSWERS) {
    it(`says what is wrong with ${what}`, async (t) => {
      const { post, sender } = setupSender(t);
      const receiver = await listenAnswering(t, Buffer.from(answer, "latin1"));
      const sent = await post(receiver.origin);
      assert.equal(inShort(sent), expected);
      assert.equal(receiver.sockets.length, 1, "one connection, one request");
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("ignores informational answers before the real one", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`);
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(sent.answer.kind === "status" && sent.answer.headers["link"], undefined);
  });

  it("closes a connection on which more than one answer comes", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, OK + OK.replace("200", "500"));
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    assert.equal(receiver.sockets.length, 2);
  });
});
