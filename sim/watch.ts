import type { Trace } from "./trace.ts";

/** Holds the first thing that was not as it must be. */
export interface Watch {
  readonly violation: Violation | undefined;
  fail(predicate: Predicate, detail: string): void;
}

export interface Violation {
  readonly predicate: Predicate;
  readonly detail: string;
}

/** What always holds, by the name a failure is reported under. */
export type Predicate =
  | "acked_is_stored"
  | "acked_bytes_are_stored"
  | "refused_is_not_stored"
  | "keys_give_the_same_ids"
  | "nothing_is_lost"
  | "nothing_unexpected_arrives"
  | "delivered_has_arrived"
  | "first_occurrences_in_order"
  | "cancelled_is_not_overtaken"
  | "settled_is_not_sent_again"
  | "one_request_per_delivery"
  | "same_bytes"
  | "frozen_batch_stays"
  | "refused_is_not_written_again"
  | "stale_epoch_writes_nothing"
  | "fenced_sends_nothing"
  | "paused_sends_nothing"
  | "nothing_is_sent_while_nothing_is_stored"
  | "nothing_is_sent_on_an_ending_lease"
  | "expired_is_not_sent"
  | "what_waits_is_not_sent"
  | "greeted_before_anything_is_sent"
  | "replays_hold_the_live_cursor"
  | "limits_hold"
  | "checkpoint_trails"
  | "kept_long_enough"
  | "forgotten_is_settled"
  | "checkpoint_follows"
  | "attempts_are_immutable"
  | "attempts_count_requests"
  | "dead_after_the_last_retry"
  | "gaps_have_a_cause"
  | "disabled_sends_nothing"
  | "live_secrets_sign"
  | "failing_is_disabled"
  | "operator_is_told"
  | "failing_is_held"
  | "holds_end"
  | "erased_is_gone"
  | "erased_is_not_sent"
  | "nothing_else_is_erased"
  | "commands_answer"
  | "skipped_is_settled"
  | "replays_end"
  | "replays_deliver"
  | "replays_count"
  | "replays_in_order"
  | "replays_happen"
  | "senders_failures_cost_no_retry"
  | "stop_ends"
  | "directory_leaves_nothing_out"
  | "engine_does_not_throw";

export function createWatch(trace: Trace): Watch {
  let violation: Violation | undefined;
  return {
    get violation() {
      return violation;
    },
    fail(predicate, detail) {
      trace.add(`VIOLATION ${predicate}: ${detail}`);
      violation ??= { predicate, detail };
    },
  };
}
