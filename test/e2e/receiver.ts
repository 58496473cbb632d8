import { createServer, type IncomingHttpHeaders } from "node:http";
import { listeningPort } from "../../server/src/listening-port.ts";

/** One request as a receiver got it. */
export interface Arrival {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A receiver on this machine that answers as it is told and remembers what came. */
export interface Receiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Answers from now on; a promise lets the sender wait. */
  answer(reply: (arrival: Arrival) => Reply | Promise<Reply>): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  let replyTo: (arrival: Arrival) => Reply | Promise<Reply> = () => ({ status: 200 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const arrival = { path: request.url ?? "", headers: request.headers, body };
      arrivals.push(arrival);
      void Promise.resolve(replyTo(arrival)).then(({ status, headers, body: answer }) => {
        response.writeHead(status, headers).end(answer);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${listeningPort(server)}`,
    arrivals,
    answer(reply) {
      replyTo = reply;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
