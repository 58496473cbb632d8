import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";
import type { Flusher } from "./flusher.ts";
import type { Lane } from "./lane.ts";
import type { RetryWindow } from "./retry-window.ts";
import type { Routes } from "./routes.ts";

/** What everything needs that does what a person asks of an endpoint or its deliveries. */
export interface AskedPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly routes: Routes;
  readonly window: RetryWindow;
  readonly flusher: Flusher;
  /** Routes what is accepted, and applies the changes of endpoints that are stored. */
  readonly catchUp: () => Promise<void>;
  /** A lane may have something to read or to send now. */
  readonly onReady: (lane: Lane) => void;
}
