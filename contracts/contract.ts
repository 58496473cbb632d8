/**
 * What a contract is: how events become requests, and answers become verdicts.
 *
 * A contract is a value made with `defineContract`. Its functions are pure and synchronous; the engine
 * knows only what this file says, never a vendor.
 */

import { contractFaults } from "./contract-faults.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * How an endpoint's deliveries follow one another. `each`: independent. `batched`: one batch at a time.
 * `ordered`: one event at a time, none overtakes.
 */
export type Discipline = "each" | "batched" | "ordered";

/** An event as a contract sees it. */
export interface ContractEvent {
  /** Opaque and unique: `evt_` and 16 lower-case hexadecimal digits. The same in every attempt. */
  readonly id: `evt_${string}`;
  /**
   * Place in the log: milliseconds since 2020-01-01T00:00:00Z times 4096, plus a counter.
   * Grows in commit order.
   */
  readonly offset: number;
  /** The partition of tenants that the event's tenant belongs to, 0 to 1023. */
  readonly shard: number;
  readonly tenantId: string;
  readonly type: string;
  readonly subject: string | undefined;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  /**
   * The JSON text that the application sent as `data`, byte for byte.
   * Splice it; never parse and print it.
   */
  readonly data: Uint8Array;
  /** The extension attributes of one that came as a CloudEvent, checked as such. Default: it has none. */
  readonly extensions?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** An endpoint as a contract sees it. */
export interface ContractEndpoint {
  readonly id: `ep_${string}`;
  readonly tenantId: string;
  readonly url: string;
  /** Live secrets, newest first; more than one while a rotation overlaps; empty if the endpoint has none. */
  readonly secrets: readonly string[];
  /** The contract's own settings, as `checkEndpoint` let them pass. */
  readonly settings: Settings;
}

export type Settings = Readonly<Record<string, unknown>>;

/** One request about to be made. */
export interface ContractAttempt {
  /** Unique to this request as far as the log knows: `att_…`. */
  readonly id: string;
  /** Counts the requests of this delivery or batch, from 1. */
  readonly number: number;
  /** When it is made, in milliseconds since 1970. */
  readonly at: number;
}

/** The methods a contract may use. */
export type Method = "POST" | "GET" | "OPTIONS";

/**
 * What to send.
 * Header names are lower-case unless the receiver's documents spell them otherwise.
 */
export interface ContractRequest {
  readonly kind: "request";
  /** Default: POST, which is how events go. */
  readonly method?: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes sent, and signed. */
  readonly payload: Uint8Array;
}

/** The event cannot be said in this contract, now or later: the delivery is rejected with this reason. */
export interface Unrenderable {
  readonly kind: "unrenderable";
  readonly reason: string;
  /**
   * The offsets at fault: only their deliveries are rejected, the rest of a batch is asked for again.
   * Default: all.
   */
  readonly offsets?: readonly number[];
}

/** What came back from one request. `code` is stable: dashboards and scripts match on it. */
export type Answer =
  | {
      readonly kind: "status";
      readonly status: number;
      /** Names in lower case, values capped in length and number. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
      /**
       * `capped`: longer than we read.
       * `broken`: the connection ended or the deadline came before the body did.
       */
      readonly bodyState: "whole" | "capped" | "broken";
    }
  /** DNS, connection, TLS or reset: `dns_not_found`, `connection_refused`, `tls_certificate_expired`, … */
  | { readonly kind: "unreachable"; readonly code: string; readonly detail: string }
  /** The attempt's one deadline passed: `timeout_dns`, `timeout_connect`, `timeout_headers`, … */
  | { readonly kind: "timed_out"; readonly code: string; readonly detail: string }
  /** The guard did not allow the address: `address_not_allowed`, … */
  | { readonly kind: "blocked"; readonly code: string; readonly detail: string }
  /**
   * Bytes that are not HTTP, or headers beyond the limit:
   * `response_malformed`, `response_headers_too_large`, …
   */
  | { readonly kind: "bad_response"; readonly code: string; readonly detail: string };

/** What the contract read in the answer. `reason` is a stable snake_case code such as `status_503`. */
export type Verdict =
  | { readonly kind: "delivered" }
  /** The receiver said never: no further attempt. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** This delivery (or batch) again, on its schedule, not before `afterMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs?: number }
  /** The whole lane waits, then this delivery again; it uses none of the retry budget. */
  | { readonly kind: "hold"; readonly reason: string; readonly afterMs?: number }
  /** The receiver wants nothing more at all. */
  | { readonly kind: "disable"; readonly reason: string };

/** One greeting about to be made. */
export interface Greeting {
  /** Another one for every greeting, by chance: `grt_` and 32 lower-case hexadecimal digits. */
  readonly id: `grt_${string}`;
  /** When it is made, in milliseconds since 1970. */
  readonly at: number;
}

/** The answer to a greeting, with what was asked. */
export interface Greeted {
  readonly endpoint: ContractEndpoint;
  readonly greeting: Greeting;
  readonly answer: Answer;
  /** When the answer came, in milliseconds since 1970. */
  readonly at: number;
}

/** What the contract read in the answer to a greeting. */
export type Reception =
  /** Events may be sent, at most so many requests a second. Default: as many as the endpoint allows. */
  | { readonly kind: "accepted"; readonly ratePerSecond?: number }
  /**
   * Nothing may be sent: the lane is held, and greeted again in a while, not before `afterMs`. `reason` is a
   * stable snake_case code, which a person reads behind `handshake_`.
   */
  | { readonly kind: "refused"; readonly reason: string; readonly afterMs?: number };

/**
 * What a receiver must answer before anything is sent to it.
 *
 * An endpoint is greeted when it is saved; and before events are sent to it, if the process that sends them
 * has not greeted it since it was saved, or not for `everyMs`.
 */
export interface Handshake {
  /** How long an accepted greeting counts, at least a second. */
  readonly everyMs: number;
  /** Builds the greeting; undefined where this endpoint needs none. Pure. */
  request(endpoint: ContractEndpoint, greeting: Greeting): ContractRequest | undefined;
  /** Reads the answer. Pure. */
  reception(greeted: Greeted): Reception;
}

/** Delays before the first retry, the second, …; when they are used up, the delivery is a dead letter. */
export interface RetrySchedule {
  readonly delaysMs: readonly number[];
  /** Each delay varies by up to this fraction in both directions, 0 to 1. */
  readonly jitter: number;
}

/** How a held lane is probed: the first wait, doubling up to a limit, without end. */
export interface HoldBackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Each wait varies by up to this fraction in both directions, 0 to 1. */
  readonly jitter: number;
}

/** When a batch is closed: at the first of these limits. */
export interface BatchLimits {
  readonly eventsMax: number;
  /** Bytes of payload; one larger event still goes, alone. */
  readonly bytesMax: number;
  /** How long the oldest member may wait for company. */
  readonly waitMs: number;
}

/** What holds where neither the endpoint nor the vendor says otherwise. */
export interface Defaults {
  /** One deadline for the whole attempt, from name resolution to the last byte. */
  readonly timeoutMs: number;
  /** Requests in flight to one endpoint; `batched` and `ordered` lanes always have one. */
  readonly maxInFlight: number;
  readonly retry: RetrySchedule;
  readonly hold: HoldBackOff;
  /**
   * How long every request to an endpoint may fail before it is disabled as `failing_for_too_long`.
   * Default: for ever.
   */
  readonly disableAfterMs?: number;
}

/** What an application might send as an event of a type. */
export interface EventExample {
  readonly subject?: string;
  /** A value of JSON. */
  readonly data: unknown;
}

/** One event type of a contract's catalogue. */
export interface EventType {
  readonly name: string;
  readonly description: string;
  /** The name of the type to use instead. */
  readonly deprecatedFor?: string;
  /** Describes the `data` of its events. */
  readonly schema?: JsonSchema;
  /** Fits the schema, and can be sent as it is. */
  readonly example?: EventExample;
}

/**
 * `closed`: endpoints of this contract are owed only these types.
 * `open`: these are the known ones, any other may come.
 */
export interface Catalogue {
  readonly kind: "open" | "closed";
  readonly eventTypes: readonly EventType[];
}

/** A wrong member of an endpoint, by JSON Pointer, in words for whoever sent it. */
export interface EndpointProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** What someone asks an endpoint of this contract to be; checked before it is stored. */
export interface EndpointDraft {
  readonly url: string;
  /** A secret that is given; undefined where none is. */
  readonly secret: string | undefined;
  /** The live secrets of an endpoint whose settings change: it keeps them. Default: none. */
  readonly keptSecrets?: readonly string[];
  readonly settings: Settings;
}

/** What is known of an endpoint's secret without opening it. */
export interface KnownSecret {
  /** Its public half, where the contract found one. */
  readonly publicKey: string | undefined;
}

/** A public key as JSON (RFC 7517): a member of a JWK Set. */
export type Jwk = Readonly<Record<string, string>>;

export interface Contract {
  /** Lower-case, as in `POSTHORN_CONTRACT` and an endpoint's `contract`. */
  readonly name: string;
  readonly discipline: Discipline;
  readonly catalogue: Catalogue;
  readonly defaults: Defaults;
  /**
   * Names of headers, in lower case, that an endpoint may not have set: the contract sets them, or a receiver
   * would take them for its own. Default: none.
   */
  readonly reservedHeaders?: readonly string[];
  /**
   * Describes an endpoint's settings to whoever fills them in; `checkEndpoint` decides. Default: nothing is
   * said of them.
   */
  readonly settingsSchema?: JsonSchema;

  /**
   * Builds the one request that carries these events. Pure.
   * Exactly one event, unless the discipline is `batched`.
   */
  request(
    endpoint: ContractEndpoint,
    events: readonly ContractEvent[],
    attempt: ContractAttempt,
  ): ContractRequest | Unrenderable;

  /** Reads the answer. `at`: when it came, in milliseconds since 1970. Pure. */
  verdict(answer: Answer, at: number): Verdict;

  /** What must be answered before anything is sent. Default: nothing. */
  readonly handshake?: Handshake;

  /** Limits of a batch; only `batched` contracts have it. */
  batchLimits?(settings: Settings): BatchLimits;

  /**
   * Makes a secret where none is given, for a new endpoint or a rotation, from fresh random bytes;
   * undefined where none is wanted. `newest`: what is known of the secret it takes over from.
   */
  makeSecret(
    randomBytes: (count: number) => Uint8Array,
    settings: Settings,
    newest?: KnownSecret,
  ): string | undefined;

  /** The public half of a secret as receivers are given it; undefined for a secret that has none. Pure. */
  publicKeyOf?(secret: string): string | undefined;

  /** A public key as a member of a JWK Set (RFC 7517). Contracts with `publicKeyOf` have it. Pure. */
  jwkOf?(publicKey: string): Jwk;

  /** Says what is wrong with an endpoint's URL, secret and settings; empty if nothing is. Pure. */
  checkEndpoint(draft: EndpointDraft): readonly EndpointProblem[];
}

/**
 * Returns the contract after checking that it is whole. Throws an Error that names every wrong member.
 *
 * @example
 * ```ts
 * export const acme = defineContract({
 *   name: "acme",
 *   discipline: "each",
 *   // catalogue, defaults, request, verdict, makeSecret, checkEndpoint
 * });
 * ```
 */
export function defineContract(contract: Contract): Contract {
  const faults = contractFaults(contract);
  if (faults.length > 0) {
    throw new Error(`contract ${JSON.stringify(contract.name)}: ${faults.join("; ")}`);
  }
  return Object.freeze(contract);
}

/** Tells whether a value is a whole contract, whoever made it. */
export function isContract(value: unknown): value is Contract {
  return contractFaults(value).length === 0;
}
