import type { PlainReceiver } from "./plain-receiver.ts";

/** How much of everything a part of the benchmark measures. */
export interface Size {
  /** That count; medians are of them. */
  readonly rounds: number;
  /** Of each system in each round. */
  readonly deliveries: number;
  /** Events that wait behind an endpoint. */
  readonly backlog: number;
  /** Endpoints that get nothing. */
  readonly idle: number;
  /** Events that the dashboard looks at, and endpoints of their tenant. */
  readonly stored: number;
  readonly endpoints: number;
  /** Who receives, where plain deliveries of one event each are all that is compared. */
  readonly receiver: PlainReceiver;
}
