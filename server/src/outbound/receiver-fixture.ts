/**
 * Receivers for the tests of this folder: raw sockets that can misbehave in any way, and a sender to call
 * them.
 */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { createGuard } from "./guard.ts";
import { createHttpSender, type HttpSender, type HttpSenderOptions } from "./http-sender.ts";
import type { OutboundRequest, Sent } from "./sender.ts";

export interface Receiver {
  readonly port: number;
  readonly origin: string;
  /** Every connection accepted so far. */
  readonly sockets: Socket[];
  /** Every byte received so far, as latin1, one text for each connection. */
  readonly received: () => readonly string[];
}

/** Listens on `host` until the test ends. Default host: 127.0.0.1. */
export async function listen(
  t: TestContext,
  onSocket: (socket: Socket) => void = () => {},
  host = "127.0.0.1",
): Promise<Receiver> {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server = createServer((socket) => {
    const index = sockets.push(socket) - 1;
    received.push("");
    socket.on("data", (chunk) => {
      received[index] += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    onSocket(socket);
  });
  t.after(() => stop(server, sockets));
  server.listen(0, host);
  await once(server, "listening");
  const port = portOf(server);
  return { port, origin: `http://${host}:${port}`, sockets, received: () => received };
}

// Far longer than anything takes on a busy machine, and shorter than a test may take.
const WATCHDOG_MS = 60_000;

/** Waits for something that only time can bring. Throws after a minute. */
export async function until(isSo: () => boolean): Promise<void> {
  const givenUpAt = performance.now() + WATCHDOG_MS;
  while (!isSo()) {
    if (performance.now() > givenUpAt) {
      throw new Error(`it never came true: ${isSo.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A deadline of an attempt that passes when the test says so: then the attempt is where it is to be. */
export interface HeldDeadline {
  /** What a request is given, so that no timer but its own is held. */
  readonly timeoutMs: number;
  readonly pass: () => void;
}

export function holdDeadline(t: TestContext): HeldDeadline {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timeoutMs = 59_999;
  const { setTimeout: set } = globalThis;
  t.mock.method(globalThis, "setTimeout", (ring: (...given: unknown[]) => void, ...rest: unknown[]) => {
    const [delayMs, ...given] = rest;
    if (delayMs === timeoutMs) {
      void promise.then(() => ring(...given));
    }
    return set(ring, Number(delayMs), ...given);
  });
  return { timeoutMs, pass: resolve };
}

/** A port of 127.0.0.1 at which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  const closed = once(server, "close");
  server.close();
  await closed;
  return port;
}

/** The port at which a server listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server does not listen at a port");
  }
  return address.port;
}

async function stop(server: Server, sockets: readonly Socket[]): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) {
    socket.destroy();
  }
  await closed;
}

/** Calls back for every whole request on the socket, with its text. */
export function onRequest(socket: Socket, answer: (request: string) => void): void {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (let end = requestEnd(text); end !== undefined; end = requestEnd(text)) {
      const request = text.slice(0, end);
      text = text.slice(end);
      answer(request);
    }
  });
}

function requestEnd(text: string): number | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) {
    return undefined;
  }
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? "0");
  const end = headEnd + 4 + length;
  return text.length >= end ? end : undefined;
}

/** Listens and answers every request with the same bytes. */
export function listenAnswering(t: TestContext, answer: string | Buffer): Promise<Receiver> {
  return listen(t, (socket) => onRequest(socket, () => socket.write(answer)));
}

export const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

export interface Setup {
  readonly sender: HttpSender;
  post(url: string, change?: Partial<OutboundRequest>): Promise<Sent>;
}

export type SetupOptions = Partial<HttpSenderOptions> & { readonly allow?: readonly string[] };

/** Makes a sender that is closed when the test ends. Default: it may call loopback addresses. */
export function setupSender(t: TestContext, options: SetupOptions = {}): Setup {
  const { allow = ["127.0.0.0/8", "::1/128"], ...rest } = options;
  const sender = createHttpSender({
    guard: createGuard({ allow }),
    userAgent: "Posthorn/0.0.0",
    now: () => performance.now(),
    resolve: async () => ({ failed: "dns_not_found" }),
    ...rest,
  });
  t.after(() => sender.close(0));
  return {
    sender,
    post: (url, change = {}) =>
      sender.send({
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        payload: Buffer.from('{"n":1}'),
        timeoutMs: WATCHDOG_MS,
        tenantId: "ten_1",
        ...change,
      }),
  };
}

/** What the answer amounts to, in a line: `status 200 whole`, or kind and code. */
export function inShort({ answer }: Sent): string {
  return answer.kind === "status"
    ? `status ${answer.status} ${answer.bodyState}`
    : `${answer.kind} ${answer.code}`;
}

/** The body of an answer that has a status, as text; else undefined. */
export function bodyOf({ answer }: Sent): string | undefined {
  return answer.kind === "status" ? Buffer.from(answer.body).toString("latin1") : undefined;
}
