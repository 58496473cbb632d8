import type { FastifyReply } from "fastify";
import type { Problem } from "../../../problem.ts";
import { addRateHeaders, REQUESTS_MAX } from "./rate-headers.ts";

/** The form of BSPK's errors, from the section "Validation" of its API reference. */
export interface BspkErrors {
  readonly errors: readonly { readonly title: string; readonly code: string }[];
}

/** Answers as BSPK does; it documents 400, 401, 404, 422, 429 and 500, and no other status of a failure. */
export function sendBspkError(reply: FastifyReply, problem: Problem): FastifyReply {
  // What the router could not read was refused before anyone was asked who it is.
  if (!reply.hasHeader("x-ratelimit-limit")) {
    addRateHeaders(reply, REQUESTS_MAX);
  }
  return reply
    .code(statusOf(problem.status))
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify(bspkErrors(problem)));
}

function bspkErrors({ title, detail, code, errors }: Problem): BspkErrors {
  if (errors.length > 0) {
    return {
      errors: errors.map((wrong) => ({ title: `${nameOf(wrong.pointer)} ${wrong.detail}`, code: "invalid" })),
    };
  }
  return { errors: [{ title: detail === "" ? title : detail, code }] };
}

function nameOf(pointer: string): string {
  return pointer === "" ? "body" : pointer.slice(1).replaceAll("/", ".");
}

function statusOf(status: number): number {
  switch (status) {
    case 400:
    case 401:
    case 404:
    case 422:
    case 429:
      return status;
    // The API reference has no 403: a key that may not is a key that is not valid.
    case 403:
      return 401;
    case 405:
      return 404;
    default:
      return status >= 500 ? 500 : 400;
  }
}
