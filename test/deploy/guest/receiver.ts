import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as after } from "node:timers/promises";

interface Received {
  readonly id: string;
  readonly data: unknown;
}

/**
 * Starts a receiver on a port of this machine that notes what comes when it comes, and answers after a
 * while.
 */
export async function startReceiver(port: number) {
  const received: Received[] = [];
  let delayMs = 0;
  const server = createServer((request, response) => void take(request, response)).listen(port, "127.0.0.1");
  await once(server, "listening");

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { data }: { readonly data: unknown } = JSON.parse(await text(request));
    received.push({ id: String(request.headers["webhook-id"]), data });
    await after(delayMs);
    response.writeHead(204).end();
  }

  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    countOf: (id: string) => received.filter((it) => it.id === id).length,
    answerAfter(ms: number): void {
      delayMs = ms;
    },
    stop: () => server.close(),
  };
}
