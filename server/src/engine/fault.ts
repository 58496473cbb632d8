/** What goes wrong on our side, and what a person is told of it. */
export const FAULTS = {
  accept_failed: "events could not be stored; their senders were told so",
  flush_failed: "outcomes could not be stored; it is tried again",
  fenced: "another node took over a lease that was not renewed in time: this one sends nothing more under it",
  take_failed: "leases could not be taken or shared out; it is tried again",
  renew_failed:
    "the lease could not be renewed; it is tried again, and nothing is sent when it is about to end",
  lease_ended:
    "a lease ended before it was renewed: what was being sent under it was cut off, and nothing is sent " +
    "until it is renewed",
  read_failed: "the log could not be read; it is tried again",
  erase_failed: "an erasure could not go on; it is tried again",
  replay_failed: "a replay could not be ended; it is tried again when the process starts anew",
  reap_failed: "expired idempotency keys could not be removed; it is tried again",
  retention_failed: "what is too old could not be removed; it is tried again",
  soon_expired: "an endpoint has not been sent what is about to be too old to be kept",
  expired: "what an endpoint had not been sent was too old to be kept: a gap says so",
  lane_stopped: "a lane was stopped by a fault, ours or its contract's, and needs attention",
  lease_stopped:
    "the store refuses what no lane is to blame for: nothing is sent until this process starts anew",
};

/** What ends by itself, or is not this process's to mend. */
export const WARNINGS: ReadonlySet<Fault["what"]> = new Set(["lease_ended", "soon_expired"]);

/** Carries no payload, secret or credential (invariant 12). */
export interface Fault {
  readonly what: keyof typeof FAULTS;
  readonly endpoint?: number;
  readonly lease?: number;
  readonly error?: unknown;
}
