import { describeFault } from "./described-fault.ts";
import { standardError } from "./standard-error.ts";

// sysexits.h: an internal fault. A supervisor starts the process anew, and it recovers.
export const EXIT_FAULT = 70;

/**
 * Ends the process on what nobody caught, also in a promise. It is logged as every fault is, by a line that
 * needs no log: Node itself would print the message and the members of what was thrown, in which anything may
 * stand (invariant 12).
 */
export function endOnUncaught(): void {
  process.on("uncaughtException", (error) => {
    const time = new Date().toISOString();
    const message = "something was thrown that nobody caught: this process ends";
    standardError().write(
      `${JSON.stringify({ level: "error", time, error: describeFault(error), message })}\n`,
    );
    process.exit(EXIT_FAULT);
  });
}
