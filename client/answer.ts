import type { WrongMember } from "./operations.ts";
import { PosthornError } from "./posthorn-error.ts";

/** An answer that has come whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Returns what an answer says. Throws a PosthornError where something went wrong. */
export function readAnswer(answer: Answer): unknown {
  const { status, headers, text } = answer;
  const json = /\bjson\b/.test(headers.get("content-type") ?? "") ? parsed(text) : undefined;
  if (status >= 200 && status < 300 && (json !== undefined || text === "")) {
    return json;
  }
  throw errorOf(answer, json);
}

function errorOf({ status, headers }: Answer, json: unknown): PosthornError {
  const retryAfter = Number(headers.get("retry-after") ?? Number.NaN);
  const about = {
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfterMs: Number.isNaN(retryAfter) ? undefined : retryAfter * 1000,
  };
  return isProblem(json)
    ? new PosthornError({ ...about, code: json.code, detail: json.detail, errors: json.errors ?? [] })
    : new PosthornError({
        ...about,
        code: "not_posthorn",
        detail: `the answer has the status ${status}, and is not one of Posthorn's`,
      });
}

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly WrongMember[];
}

function isProblem(json: unknown): json is Problem {
  return (
    typeof json === "object" &&
    json !== null &&
    "code" in json &&
    typeof json.code === "string" &&
    "detail" in json &&
    typeof json.detail === "string"
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
