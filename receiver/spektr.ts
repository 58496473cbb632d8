import { receiveSpektr, type SpektrEvent, type SpektrReceiving } from "@posthorn/contracts/spektr/receive";
import { createReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";

export type { SpektrEvent } from "@posthorn/contracts/spektr/receive";

/**
 * Receives spektr's webhooks: `onEvent` is called for each event of a batch, in its order.
 *
 * If one of them is to be sent again, the sender repeats the whole batch: with `dedupe`, only that one runs
 * again.
 *
 * @example
 * ```ts
 * const receiver = createSpektrReceiver({
 *   secrets: [process.env.SPEKTR_SECRET],
 *   dedupe: memoryStore(),
 *   onEvent: (event) => console.log(event.type, event.spektrId),
 * });
 * ```
 */
export function createSpektrReceiver(options: SpektrReceiving & ReceiverOptions<SpektrEvent>): Receiver {
  return createReceiver(receiveSpektr(options), options);
}
