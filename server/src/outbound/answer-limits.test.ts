import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { ANSWER_BYTES_MAX } from "./answer-body.ts";
import { ANSWER_HEADER_LENGTH_MAX, ANSWER_HEADERS_MAX } from "./exchange.ts";
import {
  bodyOf,
  holdDeadline,
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  setupSender,
} from "./receiver-fixture.ts";

describe("send() and the length of an answer", () => {
  it("reads a body of exactly 64 KB whole", async (t) => {
    const { post } = setupSender(t);
    const body = "x".repeat(ANSWER_BYTES_MAX);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    const receiver = await listenAnswering(t, head + body);
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(bodyOf(sent)?.length, ANSWER_BYTES_MAX);
  });

  it("reads 64 KB of a longer one, and hangs up", async (t) => {
    const { post } = setupSender(t);
    const body = "x".repeat(ANSWER_BYTES_MAX + 1);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    const hungUp = Promise.withResolvers<void>();
    const receiver = await listen(t, (socket) => {
      socket.once("close", () => hungUp.resolve());
      onRequest(socket, () => socket.write(head + body));
    });
    const sent = await post(receiver.origin, { timeoutMs: 60_000 });
    assert.equal(inShort(sent), "status 200 capped");
    assert.equal(bodyOf(sent), body.slice(1));
    await hungUp.promise;
  });

  it("puts a body of many pieces together", async (t) => {
    const { post } = setupSender(t);
    const pieces = Array.from({ length: 3_000 }, (_, n) => String(n));
    const chunks = pieces.map((piece) => `${piece.length}\r\n${piece}\r\n`).join("");
    const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    const receiver = await listenAnswering(t, `${head}${chunks}0\r\n\r\n`);
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(bodyOf(sent), pieces.join(""));
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

  it("ignores informational answers before the real one", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listenAnswering(t, `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`);
    const sent = await post(receiver.origin);
    assert.equal(inShort(sent), "status 200 whole");
    assert.equal(sent.answer.kind === "status" && sent.answer.headers["link"], undefined);
  });
});

describe("send() and the deadline of an attempt", () => {
  it("does not take an answer that comes after it, and closes the connection", async (t) => {
    const { post } = setupSender(t);
    const { timeoutMs, pass } = holdDeadline(t);
    const receiver = await listen(t, (socket) => onRequest(socket, pass));
    const sent = await post(receiver.origin, { timeoutMs });
    assert.equal(inShort(sent), "timed_out timeout_headers");
    const [socket] = receiver.sockets;
    assert.ok(socket !== undefined);
    const hungUp = Promise.withResolvers<void>();
    socket.once("close", () => hungUp.resolve());
    socket.write(OK);
    await hungUp.promise;
  });

  it("takes an answer that comes before it, however late", async (t) => {
    const { post } = setupSender(t);
    const receiver = await listen(t, (socket) =>
      onRequest(socket, () => void setTimeout(() => socket.write(OK), 300)),
    );
    assert.equal(inShort(await post(receiver.origin, { timeoutMs: 60_000 })), "status 200 whole");
  });
});
