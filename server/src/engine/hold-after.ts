import type { Hold } from "../model/delivery.ts";
import { isReceiversDoing } from "./failing.ts";
import type { Settlement } from "./settle.ts";
import { isHead, type Settled } from "./settled.ts";

type Answered = Omit<Settled, "isPart">;

/** The lane's hold after this outcome: an answer that is not a hold says that the receiver is back. */
export function holdAfter(answered: Answered, settlement: Settlement): Hold | undefined {
  const { lane, item, outcome } = answered;
  if (settlement.kind === "hold") {
    return settlement.hold;
  }
  if ((settlement.kind === "retry" || settlement.kind === "dead") && settlement.circuit !== undefined) {
    return settlement.circuit;
  }
  const hold = holdOfHead(answered);
  // What was sent before the hold began says nothing about it; nor does what was never sent.
  const isNews = isReceiversDoing(outcome) && (hold === undefined || outcome.startedAt >= hold.until);
  if (isHead(lane, item) || hold === undefined || (isNews && hold.requests === 0)) {
    return undefined;
  }
  // A replay went well: the head of an `ordered` lane may go at once, but what was tried of it still counts.
  return isNews ? { ...hold, until: Math.min(hold.until, outcome.endedAt), rounds: 0 } : hold;
}

/** The lane's hold as of the next of an `ordered` lane, where the one it was held for was just delivered. */
function holdOfHead({ lane, item, outcome }: Answered): Hold | undefined {
  const { hold, ready } = lane;
  const isHeadDone = outcome.verdict.kind === "delivered" && ready.peek() === item.offsets[0];
  return hold !== undefined && isHeadDone && hold.requests > 0 ? { ...hold, requests: 0 } : hold;
}
