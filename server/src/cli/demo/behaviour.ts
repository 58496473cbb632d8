import type { Vendor } from "./protocol.ts";
import type { ReceivedEvent } from "./verify.ts";

/** How a receiver of the demo answers a request that it verified. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly kind: "taken" | "refused" | "failed";
  /** For the person who watches. */
  readonly note: string;
}

const taken: Reply = { status: 200, body: "", kind: "taken", note: "200" };

/**
 * Makes a vendor's receiver: each fails in its own way, and recovers. `isRefused` names what it never
 * takes.
 */
export function createBehaviour(
  vendor: Vendor,
  isRefused: (event: ReceivedEvent) => boolean,
): (events: readonly ReceivedEvent[]) => Reply {
  let requests = 0;
  switch (vendor) {
    case "bspk":
      return ([event]) => {
        requests += 1;
        if (requests <= 8) {
          return { status: 503, body: "", kind: "failed", note: "503, the receiver is down" };
        }
        return event !== undefined && isRefused(event)
          ? { status: 422, body: "", kind: "refused", note: "422, never send this again" }
          : taken;
      };
    case "spektr":
      return () => {
        requests += 1;
        return requests === 1
          ? { status: 500, body: "", kind: "failed", note: "500, the whole batch goes again" }
          : taken;
      };
    case "bubblehouse":
      return ([event]) => {
        requests += 1;
        if (requests === 5 || requests === 6) {
          return outcome("failure", "failed", "failure, the queue is held");
        }
        return event !== undefined && isRefused(event)
          ? outcome("invalid_data", "refused", "invalid_data, skipped for good")
          : outcome("sent", "taken", "sent");
      };
  }
}

function outcome(name: string, kind: Reply["kind"], note: string): Reply {
  return { status: 200, body: JSON.stringify({ outcome: name }), kind, note };
}
