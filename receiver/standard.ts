import {
  receiveStandard,
  type StandardEvent,
  type StandardReceiving,
} from "@posthorn/contracts/standard/receive";
import { createReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";

export type { StandardEvent } from "@posthorn/contracts/standard/receive";

/**
 * Receives Standard Webhooks. Give it the sender's event types to have `event.data` typed.
 *
 * @example
 * ```ts
 * const receiver = createStandardReceiver<{ "invoice.paid": { id: number } }>({
 *   secrets: [process.env.WEBHOOK_SECRET],
 *   onEvent: (event) => console.log(event.type, event.data.id),
 * });
 * ```
 */
export function createStandardReceiver<DataByType = Readonly<Record<string, unknown>>>(
  options: StandardReceiving & ReceiverOptions<StandardEvent<DataByType>>,
): Receiver {
  return createReceiver(receiveStandard<DataByType>(options), options);
}
