import type { Socket } from "node:net";
import { Problem } from "../problem.ts";
import type { Answer } from "./open-answers.ts";
import { problemBody } from "./problem-answer.ts";

/** What the parser, or a timer beside it, has against a connection. */
type ClientError = Error & { readonly code?: string };

/**
 * Answers bytes that never became a request: no route, no hook and no reply exist for them. Where an answer
 * before it is not finished, another cannot be told from it, and the connection is closed without one.
 */
export function answerClientError(error: ClientError, socket: Socket, open: readonly Answer[]): void {
  const isAnswerExpected = open.every(({ headersSent, req }) => !headersSent && !req.complete);
  if (!isAnswerExpected || error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfClientError(error.code);
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? "Bad Request"}\r\n` +
      "content-type: application/problem+json; charset=utf-8\r\n" +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const REASONS: Readonly<Record<number, string>> = {
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

function problemOfClientError(code: string | undefined): Problem {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Problem("request_timeout", "The request took too long to arrive.");
    case "HPE_HEADER_OVERFLOW":
      return new Problem("headers_too_large", "Send fewer or shorter headers.");
    default:
      return new Problem("bad_request", "The bytes are no HTTP request.");
  }
}
