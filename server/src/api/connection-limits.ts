/** What a connection to the API may cost, whoever opens it: no key is asked for before these hold. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "../problem.ts";
import { createOpenAnswers, type OpenAnswers } from "./open-answers.ts";
import type { Api } from "./ports.ts";

export interface ConnectionLimits {
  /** From the first byte of a request, or from the connection on, until all headers are there. */
  readonly headersMsMax: number;
  /** The same, until the whole request is there: 10 MB within it are 3 Mbit/s. */
  readonly requestMsMax: number;
  /** How often it is looked whether one of the two is over. */
  readonly checkEveryMs: number;
  /** Between requests. Load balancers give up after a minute, and must be the first to. */
  readonly idleMsMax: number;
  /** While an answer is on its way and the client takes nothing of it, or it is being waited for. */
  readonly stalledMsMax: number;
  /** Of the request line and all headers. */
  readonly headBytesMax: number;
  readonly headersMax: number;
  /** Requests on one connection that are not answered yet. */
  readonly pipelinedMax: number;
  /** Beyond it idle connections are closed, and new ones refused. */
  readonly connectionsMax: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  checkEveryMs: 1_000,
  idleMsMax: 72_000,
  stalledMsMax: 120_000,
  headBytesMax: 16 * 1024,
  headersMax: 100,
  pipelinedMax: 64,
  connectionsMax: 2_000,
};

/** Returns the limits as options of Fastify, and of Node's server below it. */
export function serverOptions(limits: ConnectionLimits) {
  return {
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.idleMsMax,
    connectionTimeout: limits.stalledMsMax,
    http: {
      headersTimeout: limits.headersMsMax,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headBytesMax,
      // Node would answer with an empty body.
      requireHostHeader: false,
    },
  };
}

/** Keeps the limits that are no option of Node's. */
export function addConnectionLimits(app: Api, limits: ConnectionLimits): OpenAnswers {
  const { server } = app;
  server.maxConnections = limits.connectionsMax;
  server.on("drop", () => server.closeIdleConnections());
  // Node leaves out what is beyond: one more than may be is seen, and the request refused.
  server.maxHeadersCount = limits.headersMax + 1;
  // What is expected beside 100-continue may be ignored (RFC 9110, 10.1.1); Node would answer with no body.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));

  const open = createOpenAnswers();
  // What follows a refused request is refused, too: its sender is told that the connection ends.
  const refused = new WeakMap<Socket, Problem>();
  app.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    const problem = refused.get(socket) ?? problemOf(request.raw, open.add(reply.raw), limits);
    if (problem !== undefined) {
      refused.set(socket, problem);
      reply.header("connection", "close");
    }
    done(problem);
  });
  return open;
}

function problemOf(
  { rawHeaders, headers, httpVersion }: IncomingMessage,
  openAnswers: number,
  { headersMax, pipelinedMax }: ConnectionLimits,
): Problem | undefined {
  // Names and values take turns.
  if (rawHeaders.length > 2 * headersMax) {
    return new Problem("headers_too_large", `Send at most ${headersMax} headers.`);
  }
  if (headers.host === undefined && httpVersion === "1.1") {
    return new Problem("bad_request", "Send a Host header.");
  }
  if (openAnswers > pipelinedMax) {
    return new Problem("rate_limited", `Send at most ${pipelinedMax} requests before the first is answered.`);
  }
  return undefined;
}
