import type { ProblemCode, WrongMember } from "./operations.ts";

/**
 * What a PosthornError is made of, as in a test of your own.
 *
 * @see {@link PosthornError}
 */
export interface PosthornErrorParts {
  readonly code: string;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly errors?: readonly WrongMember[];
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * What a call fails with, whatever went wrong, unless its own signal ended it.
 *
 * @example
 * ```ts
 * import { PosthornError } from "@posthorn/client/posthorn-error";
 *
 * try {
 *   await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/", timeout_ms: 5 });
 * } catch (error) {
 *   if (!(error instanceof PosthornError)) throw error;
 *   console.log(error.code, error.status, error.requestId); // → invalid_request 422 req_…
 *   console.log(error.errors);
 *   // → [ { pointer: '/timeout_ms', detail: 'must be at least 100, got 5' } ]
 * }
 * ```
 */
export class PosthornError extends Error {
  override readonly name = "PosthornError";
  /**
   * Stable: one of those that the API documents, or `unreachable` where there was no answer, `timed_out`, and
   * `not_posthorn` where the answer was not one of Posthorn's.
   */
  readonly code: ProblemCode | "unreachable" | "timed_out" | "not_posthorn" | (string & {});
  /** What went wrong, for people. */
  readonly detail: string;
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** Every wrong member of the request. */
  readonly errors: readonly WrongMember[];
  /** Under which the server's log has the call. */
  readonly requestId: string | undefined;
  /** How long to wait before asking again, where the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor({ code, detail, status, errors = [], requestId, retryAfterMs, cause }: PosthornErrorParts) {
    const members = errors.map(({ pointer, detail: what }) => `\n  ${pointer || "body"} ${what}`).join("");
    super(`${code}: ${detail}${members}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}
