import type { Log } from "./log.ts";

// sysexits.h: an internal fault. A supervisor starts the process anew, and it recovers.
export const EXIT_FAULT = 70;

/**
 * Ends the process on what nobody caught, also in a promise. It is logged as every fault is: Node itself
 * would print the message and the members of what was thrown, in which anything may stand (invariant 12).
 */
export function endOnUncaught(log: Log): void {
  process.on("uncaughtException", (error) => {
    log.error("something was thrown that nobody caught: this process ends", { error: { fault: error } });
    process.exit(EXIT_FAULT);
  });
}
