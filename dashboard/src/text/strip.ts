import type { Attempt, Delivery } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { relativeText } from "./times.ts";

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
  const left = steps.length - SHOWN_MAX;
  const more: Step = { tone: "idle", text: `${left} more`, at: null };
  const shown = left > 1 ? [...steps.slice(0, 1), more, ...steps.slice(left + 1)] : steps;
  return [{ tone: "idle", text: "accepted", at: delivery.accepted_at }, ...shown, ...endOf(delivery, now)];
}

/** Says what an attempt came to: `✓ 204`, `✗ 503`, `✗ no answer`. */
export function outcomeText({ verdict, status, error }: Attempt): string {
  const answered = status ?? (error === null ? "no answer" : wordsOf(error));
  return `${verdict === "delivered" ? "✓" : "✗"} ${answered}`;
}

export function toneOfAttempt({ verdict }: Attempt): Tone {
  return verdict === "delivered" ? "good" : verdict === "retry" || verdict === "hold" ? "warn" : "bad";
}

function endOf({ state, next_attempt_at, reason }: Delivery, now: number): readonly Step[] {
  switch (state) {
    case "pending": {
      const why = reason === null ? "for its turn" : waitText(reason);
      return [{ tone: "accent", text: `waits ${why}`, at: next_attempt_at }];
    }
    case "retrying": {
      const when =
        next_attempt_at === null ? "when it is its turn" : relativeText(Date.parse(next_attempt_at), now);
      return [{ tone: "warn", text: `next attempt ${when}`, at: next_attempt_at }];
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

/** Says in a sentence what an attempt came to and why. */
export function diagnosisOf(attempt: Attempt): string {
  const { verdict, status, error, error_detail, duration_ms } = attempt;
  if (verdict === "delivered") {
    return `The receiver took it: ${status ?? "an answer"} after ${durationText(duration_ms)}.`;
  }
  const isStatus = error === null || error === `status_${status}`;
  const cause = error_detail ?? (isStatus ? `The receiver answered ${status ?? "nothing"}` : wordsOf(error));
  return `${cause.replace(/\.$/, "")}. ${MEANINGS[verdict]}`;
}

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
  [/redirect/, "Redirects are not followed: set the endpoint's URL to where it leads."],
  [/_not_allowed$/, "The address is not public. Allow it with POSTHORN_EGRESS_ALLOW if it is yours."],
];
