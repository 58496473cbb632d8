import type { Contract } from "@posthorn/contracts/contract.ts";
import type { Clock } from "../clock.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { Ids } from "../model/ids.ts";
import type { OperationalEvents } from "../operational-events.ts";
import type { Sender } from "../outbound/sender.ts";
import type { Store } from "../store.ts";
import type { Fault } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { Fraction } from "./schedule.ts";

/** What the engine is given: everything that is not a decision. */
export interface OwnerPorts {
  readonly store: Store;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly fraction: Fraction;
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly ids: Ids;
  readonly unseal: (sealed: Uint8Array, endpoint: Endpoint) => string;
  readonly digest: (bytes: Uint8Array) => Uint8Array;
  readonly operational: OperationalEvents;
  readonly limits: Limits;
  /** How long events are kept once they were accepted; undefined: for ever. */
  readonly keepMs: number | undefined;
  /** Tells a person of a fault; never carries a payload, a secret or a credential (invariant 12). */
  readonly onFault: (fault: Fault) => void;
}
