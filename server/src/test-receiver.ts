// house-rules allow way-out: it sends nothing
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { listeningPort } from "./listening-port.ts";

/** A receiver to try things out with, of this process: it answers as it is told. */
export interface TestReceiver {
  /** Where it takes a tenant's requests; more may follow in the path. */
  urlOf(tenant: string): string;
  answerTo(tenant: string): TestAnswer;
  /** Answers a tenant's requests so from now on, until the process ends. */
  answer(tenant: string, answer: TestAnswer): void;
  stop(): Promise<void>;
}

export interface TestAnswer {
  readonly status: number;
  readonly body: string;
  /** In its header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  /** It never answers, whatever else it would say. */
  readonly isSilent: boolean;
}

/** What every contract takes for a delivery: those that read no body look at the status alone. */
export const TAKES_ALL: TestAnswer = {
  status: 200,
  body: '{"outcome":"sent"}',
  retryAfterSeconds: undefined,
  isSilent: false,
};

/** Starts one on this machine alone, at this port if that is free, else at any. */
export async function startTestReceiver(port: number): Promise<TestReceiver> {
  const answers = new Map<string, TestAnswer>();
  const answerTo = (tenant: string): TestAnswer => answers.get(tenant) ?? TAKES_ALL;
  const server = createServer((request, response) => {
    const [tenant = ""] = (request.url ?? "").slice(1).split(/[/?]/, 1);
    take(request, response, answerTo(tenant)).catch(() => response.destroy());
  });
  await listen(server, port).catch(async () => await listen(server, 0));
  const url = `http://127.0.0.1:${listeningPort(server)}`;
  return {
    urlOf: (tenant) => `${url}/${tenant}`,
    answerTo,
    answer(tenant, answer) {
      answers.set(tenant, answer);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function take(request: IncomingMessage, response: ServerResponse, answer: TestAnswer): Promise<void> {
  if (request.url?.endsWith("/Hello1") === true) {
    // Bubblehouse's handshake, which it passes whatever it answers to events.
    const greeting = await json(request);
    const magic =
      typeof greeting === "object" && greeting !== null && "magic" in greeting ? greeting.magic : undefined;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ magic, hooks: ["SendEvent1"] }));
    return;
  }
  request.resume();
  if (request.method === "OPTIONS") {
    // The handshake of CloudEvents, likewise.
    response.setHeader("webhook-allowed-origin", "*").end();
    return;
  }
  if (answer.isSilent) {
    return;
  }
  if (answer.retryAfterSeconds !== undefined) {
    response.setHeader("retry-after", answer.retryAfterSeconds);
  }
  response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
}
