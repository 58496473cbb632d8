import type { Answer, Method } from "@posthorn/contracts/contract";

/**
 * One request to make. The sender adds `user-agent`, `content-length`, `accept-encoding` and the connection's
 * own headers.
 */
export interface OutboundRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
  /** One deadline for the whole attempt: resolving, connecting, TLS, sending, and reading the answer. */
  readonly timeoutMs: number;
  /** Connections are never shared between tenants. */
  readonly tenantId: string;
  /** While the request is out, what cuts it off is in here. */
  readonly recalls?: Set<() => void>;
}

/** Where the time of an attempt went, in milliseconds from its start; a phase not reached is absent. */
export interface Phases {
  readonly connectedMs?: number;
  readonly headersMs?: number;
  readonly endMs: number;
}

/**
 * Why no answer came although the receiver did nothing wrong: no contract is asked about it. Codes are
 * stable, as an answer's.
 */
export type Unsent =
  /** The request breaks HTTP's rules, now and later: `request_invalid`. */
  | { readonly kind: "unsendable"; readonly code: string; readonly detail: string }
  /** Posthorn, its machine or its proxy failed: `sender_exhausted`, `proxy_unreachable`, … */
  | { readonly kind: "sender_failed"; readonly code: string; readonly detail: string };

export interface Sent {
  readonly answer: Answer | Unsent;
  readonly phases: Phases;
}

/** The one way out: every request to a receiver goes through it, guarded (invariant 8). */
export interface Sender {
  /** Makes the request and reads the answer. Never rejects: whatever the network does is an answer. */
  send(request: OutboundRequest): Promise<Sent>;
  /** Ends what is in flight after `graceMs` and closes every connection. */
  close(graceMs: number): Promise<void>;
}
