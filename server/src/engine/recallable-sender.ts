import type { Sender } from "../outbound/sender.ts";
import type { TakenLease } from "../store.ts";

/** A sender whose requests, while they are out, can be cut off. */
export interface RecallableSender {
  readonly sender: Sender;
  recall(): void;
}

/** Makes one where the lease can end; else requests have nothing to be recalled for. */
export function recallable(sender: Sender, { leaseMs }: TakenLease): RecallableSender {
  if (leaseMs === undefined) {
    return { sender, recall: () => undefined };
  }
  const recalls = new Set<() => void>();
  return {
    sender: { ...sender, send: (request) => sender.send({ ...request, recalls }) },
    recall: () => recalls.forEach((cutOff) => cutOff()),
  };
}
