/** A client that writes what it likes to a socket, for tests of the API's connections. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { listeningPort } from "../listening-port.ts";
import { ADMIN_KEY, setUpApp } from "./app-setup.test.ts";

export interface RawClient {
  readonly socket: Socket;
  write(text: string): void;
  /** What has come so far. */
  text(): string;
  /** Resolves when what has come fits, or the connection is closed. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with all that came when the connection is closed. */
  closed(): Promise<string>;
}

/** Lets an application listen, and returns how to connect to it. */
export async function listen(app: FastifyInstance, t: TestContext): Promise<() => RawClient> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const port = listeningPort(app.server);
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await app.close();
  });
  return () => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    sockets.push(socket);
    return rawClient(socket);
  };
}

function rawClient(socket: Socket): RawClient {
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => void (text += chunk));
  // Being cut off is what tests wait for; `close` follows.
  socket.on("error", () => {});
  socket.on("end", () => socket.end());
  const hasClosed = new Promise<"closed">((resolve) => socket.once("close", () => resolve("closed")));
  const hasMore = () => new Promise<"more">((resolve) => socket.once("data", () => resolve("more")));
  return {
    socket,
    write: (sent) => void socket.write(sent),
    text: () => text,
    async until(pattern) {
      while (!pattern.test(text) && (await Promise.race([hasClosed, hasMore()])) === "more") {
        // More has come.
      }
      return text;
    },
    async closed() {
      await hasClosed;
      return text;
    },
  };
}

/** The head of a request with the admin key and a body of JSON. */
export function headOf(method: string, path: string, headers: readonly string[] = []): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: x",
    `authorization: Bearer ${ADMIN_KEY}`,
    "content-type: application/json",
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Checks that a text is one answer with a Problem of this code. */
export function assertRawProblem(text: string, status: number, code: string): void {
  assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
  assert.match(text, /content-type: application\/problem\+json/i);
  assert.equal(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))).code, code);
}

test("listen() gives a client that reads an answer", async (t) => {
  const { app } = await setUpApp();
  const client = (await listen(app, t))();
  client.write(headOf("GET", "/healthz", ["connection: close"]));
  assert.match(await client.closed(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*"ok"/);
});
