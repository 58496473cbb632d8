import {
  type CloudEvent,
  type CloudEventsReceiving,
  receiveCloudEvents,
} from "@posthorn/contracts/cloudevents/receive";
import { createReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";

export type { CloudEvent } from "@posthorn/contracts/cloudevents/receive";

/**
 * Receives CloudEvents in every content mode, and answers the handshake by which a sender asks for
 * permission. Give it the sender's event types to have `event.data` typed.
 *
 * @example
 * ```ts
 * const receiver = createCloudEventsReceiver<{ "invoice.paid": { id: number } }>({
 *   secrets: [process.env.WEBHOOK_TOKEN],
 *   allowedOrigins: ["posthorn.example"],
 *   onEvent: (event) => console.log(event.type, event.source, event.data.id),
 * });
 * ```
 */
export function createCloudEventsReceiver<DataByType = Readonly<Record<string, unknown>>>(
  options: CloudEventsReceiving & ReceiverOptions<CloudEvent<DataByType>>,
): Receiver {
  return createReceiver(receiveCloudEvents<DataByType>(options), options);
}
