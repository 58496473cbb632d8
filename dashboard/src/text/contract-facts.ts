import type { Contract } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";

type Defaults = Contract["defaults"];

const SHOWN_MAX = 6;

/** Says when what failed is tried again: `3 retries within 3 s: after 1 s, 1 s, 1 s`. */
export function retryText({ retry: { delays_ms, jitter } }: Defaults): string {
  if (delays_ms.length === 0) {
    return "none by itself: what fails for now holds the lane";
  }
  const count = `${delays_ms.length} ${delays_ms.length === 1 ? "retry" : "retries"}`;
  const whole = durationText(delays_ms.reduce((sum, delay) => sum + delay, 0));
  const first = delays_ms.slice(0, SHOWN_MAX).map(durationText).join(", ");
  const more = delays_ms.length > SHOWN_MAX ? ", …" : "";
  return `${count} within ${whole}: after ${first}${more}${jitter === 0 ? "" : `, ± ${jitter * 100} %`}`;
}

/** Says how long a held lane waits: `1 s, doubling to 5 m`. */
export function holdText({ hold: { first_ms, max_ms, jitter } }: Defaults): string {
  const jittered = jitter === 0 ? "" : `, ± ${jitter * 100} %`;
  return `${durationText(first_ms)}, doubling to ${durationText(max_ms)}${jittered}`;
}

/** What each discipline means for whoever receives. */
export const DISCIPLINES: Readonly<Record<Contract["discipline"], string>> = {
  each: "Each delivery by itself, several at a time: one that fails waits for its own retry.",
  batched: "One batch at a time, in order: one that fails goes again as it was.",
  ordered: "One at a time, in order: nothing overtakes what fails, it holds the lane.",
};
