import { ANSWER_STORED_BYTES_MAX, ATTEMPT_DETAIL_MAX, type Attempt } from "../model/delivery.ts";
import type { Outcome } from "./attempt.ts";
import type { Item } from "./lane.ts";

/** Returns what is stored of a request: a batch stands in full at its last member, the others point at it. */
export function attemptsOf(
  { item, outcome }: { readonly item: Item; readonly outcome: Outcome },
  endpoint: number,
): Attempt[] {
  const { verdict, startedAt, endedAt, sent, payloadHash } = outcome;
  const answer = sent?.answer;
  const isStatus = answer?.kind === "status";
  const last = item.offsets.at(-1) ?? 0;
  const common = {
    endpoint,
    cursor: item.cursor,
    number: item.requests + 1,
    startedAt,
    verdict: verdict.kind,
    reason: verdict.kind === "delivered" ? undefined : verdict.reason,
    status: isStatus ? answer.status : undefined,
  };
  return item.offsets.map((offset) =>
    offset === last
      ? {
          ...common,
          offset,
          durationMs: Math.max(0, endedAt - startedAt),
          connectedMs: sent?.phases.connectedMs,
          headersMs: sent?.phases.headersMs,
          detail: answer === undefined || isStatus ? undefined : answer.detail.slice(0, ATTEMPT_DETAIL_MAX),
          answer: isStatus ? answer.body.subarray(0, ANSWER_STORED_BYTES_MAX) : undefined,
          payloadHash,
          batch: undefined,
        }
      : { ...common, offset, durationMs: 0, ...POINTER, batch: last },
  );
}

const POINTER = {
  connectedMs: undefined,
  headersMs: undefined,
  detail: undefined,
  answer: undefined,
  payloadHash: undefined,
};
