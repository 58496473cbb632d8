import { isNginxInstalled, startNginx } from "./nginx.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const KINDS = ["nginx", "node"] as const;

/** A program that receives plain deliveries. */
export type PlainReceiver = (typeof KINDS)[number];

/** Returns the one that is asked for; else nginx, where that is installed. */
export function plainReceiverOf(given: string | undefined): PlainReceiver {
  const kind =
    given === undefined ? (isNginxInstalled() ? "nginx" : "node") : KINDS.find((one) => one === given);
  if (kind === undefined) {
    throw new Error(`--receiver takes ${KINDS.join(" or ")}, got ${given}`);
  }
  return kind;
}

/** Starts it: what compares nothing but plain deliveries needs no more. */
export async function startPlainReceiver(kind: PlainReceiver): Promise<Receiver> {
  return kind === "nginx" ? await startNginx() : await startReceiver();
}
