import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { Sharing } from "../sharing.ts";
import { type Asking, textOfAsking } from "./asking.ts";
import { wait } from "./wait.ts";

export interface ElsewherePorts {
  readonly sharing: Sharing;
  readonly clock: Clock;
}

// An owner that is there answers within a moment; one that died is followed by another within its lease.
const ANSWER_MS_MAX = 10_000;
const LOOK_MS_MIN = 10;
const LOOK_MS_MAX = 250;

/**
 * Asks the owner of a lease, on whichever node it is, and waits for what it answers, as text. What is asked
 * is stored: where no answer comes in time it throws the Problem `store_unavailable`, and it is done all the
 * same.
 */
export async function askElsewhere(
  lease: number,
  asking: Asking,
  { sharing, clock }: ElsewherePorts,
): Promise<string> {
  const number = await sharing.ask(lease, textOfAsking(asking));
  sharing.hint(lease);
  const until = clock.monotonic() + ANSWER_MS_MAX;
  for (let lookMs = LOOK_MS_MIN; clock.monotonic() < until; lookMs = Math.min(2 * lookMs, LOOK_MS_MAX)) {
    await wait(clock, lookMs);
    const answer = await sharing.takeAnswer(lease, number);
    if (answer !== undefined) {
      return answer;
    }
  }
  throw new Problem("store_unavailable", "It is stored, and will be done: look before you ask again.");
}
