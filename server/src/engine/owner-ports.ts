import type { Contract } from "@posthorn/contracts/contract";
import type { Clock } from "../clock.ts";
import type { LiveFeed } from "../live.ts";
import type { LiveHub } from "../live-hub.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { Ids } from "../model/ids.ts";
import type { Retention } from "../model/retention.ts";
import type { OperationalEvents } from "../operational-events.ts";
import type { Sender } from "../outbound/sender.ts";
import type { Sharing } from "../sharing.ts";
import type { Store, Submission } from "../store.ts";
import type { Tracing } from "../tracing.ts";
import type { Fault } from "./fault.ts";
import type { InFlight } from "./in-flight.ts";
import type { Limits } from "./limits.ts";
import type { Fraction } from "./schedule.ts";

/** What the engine is given: everything that is not a decision. */
export interface EnginePorts {
  readonly store: Store;
  /** Undefined: this process has every lease of the store. */
  readonly sharing?: Sharing | undefined;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly fraction: Fraction;
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly ids: Ids;
  readonly unseal: (sealed: Uint8Array, endpoint: Endpoint) => string;
  readonly digest: (bytes: Uint8Array) => Uint8Array;
  readonly operational: OperationalEvents;
  readonly limits: Limits;
  /** Continues the traces that events came with. Default: they end here. */
  readonly tracing?: Pick<Tracing, "startAttempt"> | undefined;
  /** Is told what becomes durable. Default: nobody watches. */
  readonly live?: LiveHub | undefined;
  /** How long events are kept once they were accepted; undefined: for ever. */
  readonly keepMs: number | undefined;
  /** What is kept for less time. Default: nothing is. */
  readonly retention?: Retention | undefined;
  /** Tells a person of a fault; never carries a payload, a secret or a credential (invariant 12). */
  readonly onFault: (fault: Fault) => void;
}

/** What the owner of one lease is given. */
export interface OwnerPorts extends Omit<EnginePorts, "live"> {
  readonly live?: LiveFeed | undefined;
  /** Of the process, which may own several. */
  readonly inFlight: InFlight;
  /** Stores events in whatever lease's shard. */
  readonly accept: (lease: number, submission: Submission) => Promise<unknown>;
  /** The owner has lost its lease to another node, and does nothing more. */
  readonly onLost: () => void;
}
