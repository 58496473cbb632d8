import type { Attempt, Delivery } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { dueText } from "./times.ts";

export type Tone = "good" | "warn" | "bad" | "idle" | "accent";

export interface Step {
  readonly tone: Tone;
  readonly text: string;
  /** When it was or will be. */
  readonly at: string | null;
  readonly attempt?: Attempt | undefined;
}

const SHOWN_MAX = 5;

/** Says the way of a delivery: accepted, each attempt, and what comes next. */
export function stepsOf(delivery: Delivery, attempts: readonly Attempt[], now: number): readonly Step[] {
  const steps = attempts
    .toSorted((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at))
    .map((attempt) => ({
      tone: toneOfAttempt(attempt),
      text: `${attempt.is_replay ? "replay" : `attempt ${attempt.number}`} ${outcomeText(attempt)}`,
      at: attempt.started_at,
      attempt,
    }));
  // Where there are too many to be read at once, the first is not among them.
  const unread = Math.max(0, delivery.attempts - steps.length);
  const left = unread + steps.length - SHOWN_MAX;
  const more: Step = { tone: "idle", text: `${unread > 0 ? left + 1 : left} more`, at: null };
  const latest = steps.slice(1 - SHOWN_MAX);
  const shown = left <= 1 ? steps : [...(unread > 0 ? [] : steps.slice(0, 1)), more, ...latest];
  return [{ tone: "idle", text: "accepted", at: delivery.accepted_at }, ...shown, ...endOf(delivery, now)];
}

/** Says what an attempt came to: `✓ 204`, `✗ 503`, `✗ outcome failure`, `✗ no answer`. */
export function outcomeText({
  verdict,
  status,
  error,
}: Pick<Attempt, "verdict" | "status" | "error">): string {
  // What failed although the status is one of success is not what the status says.
  const isStatus = error === null || error === `status_${status}`;
  const answered = isStatus ? (status ?? "no answer") : wordsOf(error);
  return verdict === "delivered" ? `✓ ${status ?? "no answer"}` : `✗ ${answered}`;
}

export function toneOfAttempt({ verdict }: Attempt): Tone {
  return verdict === "delivered" ? "good" : verdict === "retry" || verdict === "hold" ? "warn" : "bad";
}

/** Says how far the schedule is: `retry 3 of 20`. Undefined: none is to come by it. */
export function retryOf({ retries_used, retries_max }: Delivery): string | undefined {
  // What was throttled alone has used none.
  const isUsed = retries_used !== null && retries_used > 0 && retries_max !== null;
  return isUsed ? `retry ${retries_used} of ${retries_max}` : undefined;
}

function endOf(delivery: Delivery, now: number): readonly Step[] {
  const { state, next_attempt_at, reason } = delivery;
  switch (state) {
    case "pending": {
      const why = reason === null ? "for its turn" : waitText(reason);
      return [{ tone: "accent", text: `waits ${why}`, at: next_attempt_at }];
    }
    case "retrying": {
      const when =
        next_attempt_at === null ? "when it is its turn" : dueText(Date.parse(next_attempt_at), now);
      const retry = retryOf(delivery);
      const text = `next attempt ${when}${retry === undefined ? "" : ` (${retry})`}`;
      return [{ tone: "warn", text, at: next_attempt_at }];
    }
    case "dead":
    case "rejected":
      return [{ tone: "bad", text: state, at: null }];
    // No attempt before it says why.
    case "cancelled":
    case "expired": {
      const why = reason === null || reason === state ? "" : `: ${wordsOf(reason)}`;
      return [{ tone: "idle", text: `${state}${why}`, at: null }];
    }
    case "delivered":
      return [];
  }
}

function waitText(reason: string): string {
  return reason === "paused" ? "until the endpoint is resumed" : `because of ${wordsOf(reason)}`;
}

/** Says a code as words: `connection_refused` is `connection refused`. */
export function wordsOf(code: string): string {
  const [, failure] = /^circuit_open_(.+)$/.exec(code) ?? [];
  return failure === undefined ? code.replaceAll("_", " ") : `repeated ${wordsOf(failure)}`;
}

/**
 * Says in a sentence or two what an attempt came to, why, and what that means; after the last attempt of a
 * delivery that has ended, by the state it ended in.
 */
export function diagnosisOf(attempt: Attempt, endedAs?: Delivery["state"]): string {
  const { verdict, status, error, error_detail, duration_ms } = attempt;
  if (verdict === "delivered") {
    return `The receiver took it: ${status ?? "an answer"} after ${durationText(duration_ms)}.`;
  }
  const isStatus = error === null || error === `status_${status}`;
  const cause = error_detail ?? (isStatus ? statusText(status) : wordsOf(error));
  const sentence = `${cause.charAt(0).toUpperCase()}${cause.slice(1).replace(/\.$/, "")}.`;
  const isOver = verdict === "retry" || verdict === "hold";
  return `${sentence} ${(isOver && endedAs && ENDS[endedAs]) || MEANINGS[verdict]}`;
}

function statusText(status: number | null): string {
  const more = status !== null && status >= 300 && status < 400 ? ", a redirect, which is a failure" : "";
  return `The receiver answered ${status ?? "nothing"}${more}`;
}

/** What a failure means that no attempt follows. */
const ENDS: Readonly<Partial<Record<Delivery["state"], string>>> = {
  dead: "It was the last attempt: the delivery was given up, and a replay sends it again.",
  cancelled: "No attempt followed: the delivery was cancelled.",
  expired: "No attempt followed: the delivery expired.",
};

const MEANINGS: Readonly<Record<Exclude<Attempt["verdict"], "delivered">, string>> = {
  retry: "It may pass, says the contract.",
  hold: "The lane waits for the receiver, so that nothing overtakes.",
  rejected: "The receiver said never: it is not tried again.",
  disable: "The receiver is gone: the endpoint was disabled.",
};

/** Says what a person can do about an error; undefined: nothing that is known. */
export function adviceFor({ error, status, answer }: Attempt): string | undefined {
  const known = ADVICE.find(([pattern]) => pattern.test(error ?? ""));
  if (known !== undefined) {
    return known[1];
  }
  if (status === null) {
    return undefined;
  }
  if (status === 401 || status === 403) {
    return "The receiver refuses the request: check that both sides have the same secret.";
  }
  if (status === 404 || status === 410) {
    return "Nothing listens at this path: check the endpoint's URL.";
  }
  if (status === 429) {
    return "The receiver is asked too often: lower the endpoint's requests in a second.";
  }
  if (status >= 300 && status < 400) {
    return "Redirects are not followed: set the endpoint's URL to where it leads.";
  }
  if (status >= 400 && status < 500) {
    return "The receiver does not take this request: its answer may say why.";
  }
  if (status >= 500) {
    const also = answer === null ? "" : ", and at its answer below";
    return `The fault is the receiver's: look into its log${also}.`;
  }
  return undefined;
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^connection_refused$/, "Nothing listens there: start the receiver, or check host and port of the URL."],
  [/^timeout_/, "The receiver should answer at once and do its work afterwards."],
  [/^dns_/, "The name in the URL has no address: check its spelling and its DNS records."],
  [/^tls_/, "Renew or mend the receiver's certificate, and see that it sends its whole chain."],
  [/^outcome_/, "The receiver says so in its answer, which may say why: what has to be mended is there."],
  [/_not_allowed$/, "The address is not public. Allow it with POSTHORN_EGRESS_ALLOW if it is yours."],
];
