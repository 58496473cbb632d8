import type { FastifyReply } from "fastify";
import type { Log } from "../log.ts";
import type { Problem } from "../problem.ts";
import type { Api } from "./ports.ts";
import { problemOf } from "./problem-of.ts";

/**
 * Answers whatever a request of this scope fails with, by `send`, and keeps it with the request; a fault of
 * ours is logged under its id.
 */
export function answerErrors(
  scope: Api,
  log: Log,
  send: (reply: FastifyReply, problem: Problem) => FastifyReply,
): void {
  scope.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request);
    request.problem = problem;
    if (problem.status === 500) {
      log.error("a request failed by a fault of ours", {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions.url,
        error: { fault: error },
      });
    }
    return send(reply, problem);
  });
}
