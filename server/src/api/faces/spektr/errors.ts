import type { FastifyReply } from "fastify";
import type { Problem } from "../../../problem.ts";

/** The form of spektr's errors, with the codes that are known of it. */
export interface SpektrError {
  readonly message: string;
  readonly errorCode:
    | "data_parse_error"
    | "invalid_request_body"
    | "not_found"
    | "unauthorized"
    | "internal_server_error";
}

/** Answers as spektr does, of which no status for what cannot be read is known but 400. */
export function sendSpektrError(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = problem;
  return reply
    .code(status === 413 || status === 415 || status === 422 ? 400 : status)
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify(spektrError(problem)));
}

function spektrError({ status, title, detail, errors }: Problem): SpektrError {
  switch (status) {
    case 401:
      return {
        message: "x-api-key must be the key of a tenant that may read its events",
        errorCode: "unauthorized",
      };
    case 404:
    case 405:
      return { message: detail, errorCode: "not_found" };
    case 422: {
      const message = errors.map(({ pointer, detail: wrong }) => `${pointer.slice(1)} ${wrong}`).join("; ");
      return { message, errorCode: "data_parse_error" };
    }
    default:
      return status >= 500
        ? { message: title, errorCode: "internal_server_error" }
        : { message: detail, errorCode: "invalid_request_body" };
  }
}
