import {
  type BubblehouseEvent,
  type BubblehouseReceiving,
  receiveBubblehouse,
} from "@posthorn/contracts/bubblehouse/receive";
import { createReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";

export type { BubblehouseEvent } from "@posthorn/contracts/bubblehouse/receive";

/**
 * Receives Bubblehouse's hook `SendEvent1`, answers `Hello1`, and says of any other that it is not there.
 *
 * What `onEvent` returns is the outcome. A failure holds every later event, so throw a `PermanentError` for
 * an event that will never do.
 *
 * @example
 * ```ts
 * const receiver = createBubblehouseReceiver({
 *   secrets: [process.env.BUBBLEHOUSE_SECRET],
 *   onEvent: (event) => (event.type === "unknown" ? "skipped" : "sent"),
 * });
 * ```
 */
export function createBubblehouseReceiver(
  options: BubblehouseReceiving & ReceiverOptions<BubblehouseEvent>,
): Receiver {
  return createReceiver(receiveBubblehouse(options), options);
}
