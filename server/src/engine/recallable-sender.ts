import type { Sender } from "../outbound/sender.ts";
import type { TakenLease } from "../store.ts";

/** A sender whose requests, while they are out, can be cut off. */
export interface RecallableSender {
  readonly sender: Sender;
  recall(): void;
}

const RECALLED = { kind: "sender_failed", code: "sender_recalled", detail: "" } as const;

/**
 * Makes one where the lease can end; else requests have nothing to be recalled for. What was begun before a
 * process stood still does not go out after the end of its lease.
 */
export function recallable(sender: Sender, { leaseMs }: TakenLease, isHeld: () => boolean): RecallableSender {
  if (leaseMs === undefined) {
    return { sender, recall: () => undefined };
  }
  const recalls = new Set<() => void>();
  return {
    sender: {
      ...sender,
      send: async (request) =>
        isHeld() ? await sender.send({ ...request, recalls }) : { answer: RECALLED, phases: { endMs: 0 } },
    },
    recall: () => recalls.forEach((cutOff) => cutOff()),
  };
}
