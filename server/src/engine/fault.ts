/**
 * What went wrong on our side; a person must hear of it. Carries no payload, secret or credential
 * (invariant 12).
 */
export interface Fault {
  readonly what:
    | "flush_failed"
    | "fenced"
    | "renew_failed"
    | "lease_ended"
    | "read_failed"
    | "take_failed"
    | "lane_stopped"
    | "lease_stopped"
    | "accept_failed"
    | "reap_failed"
    | "retention_failed"
    | "soon_expired"
    | "expired"
    | "erase_failed"
    | "replay_failed";
  readonly endpoint?: number;
  readonly lease?: number;
  readonly error?: unknown;
}
