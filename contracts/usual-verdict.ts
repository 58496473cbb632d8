import type { Answer, Verdict } from "./contract.ts";
import { retryAfterMs } from "./retry-after.ts";

/**
 * Reads an answer as HTTP means it: a 2xx is delivered, 410 disables, an overloaded receiver holds the lane,
 * anything else is tried again. Retry-After is heeded.
 */
export function usualVerdict(answer: Answer, at: number): Verdict {
  switch (answer.kind) {
    case "status":
      return statusVerdict(answer, at);
    case "unreachable":
    case "timed_out":
    // A DNS answer may be wrong for a moment: a blocked address is tried again, on schedule.
    case "blocked":
    case "bad_response":
      return { kind: "retry", reason: answer.code };
  }
}

/** The status line decides: a 2xx whose body breaks off has still been delivered. */
function statusVerdict(answer: Extract<Answer, { kind: "status" }>, at: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return { kind: "delivered" };
  }
  const reason = `status_${status}`;
  if (status === 410) {
    return { kind: "disable", reason };
  }
  // The receiver, or the proxy before it, is overloaded or away: that concerns every delivery, not this one.
  const concernsAll = status === 429 || status === 502 || status === 503 || status === 504;
  const kind = concernsAll ? "hold" : "retry";
  const afterMs = retryAfterMs(answer.headers["retry-after"], at);
  return afterMs === undefined ? { kind, reason } : { kind, reason, afterMs };
}
