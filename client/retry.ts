import { PosthornError } from "./posthorn-error.ts";

const FIRST_MS = 200;
const MAX_MS = 10_000;

/** Answers which say that nothing was done. */
const UNDONE = new Set(["rate_limited", "overloaded", "shutting_down"]);
const UNKNOWN = new Set(["unreachable", "timed_out", "store_unavailable"]);

/**
 * Decides how long to wait before a request is made again, in milliseconds; undefined if it must not be. What
 * may have been done is repeated only where that does no harm.
 */
export function waitMsBefore(
  failures: number,
  { error, isRepeatable }: { readonly error: unknown; readonly isRepeatable: boolean },
): number | undefined {
  if (!(error instanceof PosthornError)) {
    return undefined;
  }
  const { code, status = 0, retryAfterMs } = error;
  const isGateways = code === "not_posthorn" && status >= 502 && status <= 504;
  if (!UNDONE.has(code) && !(isRepeatable && (UNKNOWN.has(code) || isGateways))) {
    return undefined;
  }
  // Apart from one another, so that those who were refused together do not come back together.
  const usualMs = Math.min(MAX_MS, FIRST_MS * 2 ** failures) * (0.5 + Math.random() / 2);
  return Math.max(usualMs, Math.min(retryAfterMs ?? 0, MAX_MS));
}

/** Waits, unless a signal ends that early. */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(new DOMException("the call was ended", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
