import type { FastifyReply } from "fastify";
import type { Problem, WrongMember } from "../problem.ts";

/** A Problem as RFC 9457 writes it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly WrongMember[];
}

export function problemBody(problem: Problem): ProblemBody {
  const { title, status, code, detail, errors } = problem;
  return { type: `urn:posthorn:problem:${code}`, title, status, code, detail, errors };
}

/** In seconds: what a person has to mend takes longer. */
const RETRY_AFTER: Readonly<Record<string, string>> = { disk_nearly_full: "30" };

/** Answers a request with a Problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) {
    reply.header("www-authenticate", "Bearer");
  }
  if (problem.status === 503) {
    reply.header("retry-after", RETRY_AFTER[problem.code] ?? "1");
  }
  return reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .send(JSON.stringify(problemBody(problem)));
}
