import { currentVersion } from "../model/endpoint.ts";
import type { Route } from "./routes.ts";

/** A greeting that was accepted. Only memory knows: a new owner greets again. */
export interface Welcome {
  /** The endpoint's change that was in force: whatever is saved since has to be greeted anew. */
  readonly change: number;
  /** From here on it counts, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Milliseconds that the receiver wants each request to take up; 0: it does not say. */
  readonly paceMs: number;
}

/** The welcomes of endpoints, by number: they outlive lanes, which leave memory when they are idle. */
export type Welcomes = Map<number, Welcome>;

/** Whether events may be sent as far as the contract's handshake goes. */
export function isGreeted({ contract, endpoint }: Route, welcome: Welcome | undefined, now: number): boolean {
  if (contract.handshake === undefined) {
    return true;
  }
  const isOfThis = welcome?.change === currentVersion(endpoint).change;
  // The wall clock may have been set back: what came from the future is not trusted for longer.
  return isOfThis && welcome.from <= now && now < welcome.until;
}

/**
 * Keeps what the last greeting came to; undefined: it was refused, and no older welcome counts. Beyond the
 * limit the welcome that was given longest ago is forgotten.
 */
export function rememberWelcome(
  welcomes: Welcomes,
  { endpoint, welcome, max }: { endpoint: number; welcome: Welcome | undefined; max: number },
): void {
  welcomes.delete(endpoint);
  if (welcome === undefined) {
    return;
  }
  welcomes.set(endpoint, welcome);
  const [oldest] = welcomes.keys();
  if (welcomes.size > max && oldest !== undefined) {
    welcomes.delete(oldest);
  }
}
