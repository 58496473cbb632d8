import { type BspkEvent, receiveBspk } from "@posthorn/contracts/bspk/receive";
import type { ReceivingOptions } from "@posthorn/contracts/receiving";
import { createReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";

export { type BspkEvent, contactChannelOf, externalRefOf } from "@posthorn/contracts/bspk/receive";

/**
 * Receives BSPK's webhooks. Answer within 5 seconds: the sender waits no longer.
 *
 * @example
 * ```ts
 * const receiver = createBspkReceiver({
 *   secrets: [process.env.BSPK_SECRET],
 *   onEvent: (event) => console.log(event.type),
 * });
 * ```
 */
export function createBspkReceiver(options: ReceivingOptions & ReceiverOptions<BspkEvent>): Receiver {
  return createReceiver(receiveBspk(options), options);
}
