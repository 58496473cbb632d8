import type { LiveMessage } from "@posthorn/client/operations";
import { outcomeText, type Tone, wordsOf } from "./strip.ts";
import { countText } from "./times.ts";

/** One line of what happens now. */
export interface Happening {
  /** Tells it from the others. */
  readonly number: number;
  readonly at: string;
  readonly tone: Tone;
  readonly what: string;
  readonly about: string;
  readonly event?: string;
  readonly endpoint?: string;
}

const VERDICT_TONES = {
  delivered: "good",
  retry: "warn",
  hold: "warn",
  rejected: "bad",
  disable: "bad",
} as const;

/** Says a message of the live stream as a line. Undefined: it says nothing that a line is for. */
export function happeningOf(
  message: LiveMessage,
  heard: Pick<Happening, "number" | "at">,
): Happening | undefined {
  switch (message.kind) {
    case "event":
      return {
        ...heard,
        tone: "accent",
        what: "accepted",
        about: message.event.type,
        event: message.event.id,
      };
    case "attempt": {
      const { verdict, event_id, endpoint_id } = message.attempt;
      return {
        ...heard,
        tone: VERDICT_TONES[verdict],
        what: outcomeText(message.attempt),
        about: message.type,
        event: event_id,
        endpoint: endpoint_id,
      };
    }
    case "delivery": {
      const { state, type, event_id, endpoint_id } = message.delivery;
      // Its attempt says so already.
      return state === "delivered" || state === "retrying" || state === "pending"
        ? undefined
        : { ...heard, tone: "bad", what: state, about: type, event: event_id, endpoint: endpoint_id };
    }
    case "gap": {
      const { reason, endpoint_id } = message.gap;
      return { ...heard, tone: "idle", what: "not sent", about: wordsOf(reason), endpoint: endpoint_id };
    }
    case "lane": {
      const { held_since, reason, endpoint_id } = message.lane;
      const isHeld = held_since !== null;
      const about = isHeld ? wordsOf(reason ?? "the receiver") : "it goes on";
      return {
        ...heard,
        tone: isHeld ? "warn" : "good",
        what: isHeld ? "held" : "let go",
        about,
        endpoint: endpoint_id,
      };
    }
    case "left_out":
      return {
        ...heard,
        tone: "idle",
        what: "more",
        about: `${countText(message.count)} more than can be told`,
      };
    case "started":
      return undefined;
  }
}
