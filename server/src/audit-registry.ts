/** The part of the port for configuration that remembers who changed what by the API. */
import type { AuditEntry, AuditPlace, StoredAuditEntry } from "./model/audit.ts";

export interface AuditRegistry {
  /** Writes down what was done. */
  addAudit(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  listAudit(query: AuditQuery): Promise<readonly StoredAuditEntry[]>;
  /**
   * Forgets entries from before a time, and those that are so many numbers behind the newest; at most `limit`
   * of each kind. Returns how many.
   */
  forgetAudit(old: { before: number; numbersKept: number; limit: number }): Promise<number>;
}

export interface AuditQuery {
  /** Of this tenant, by its id. Undefined: all there are. */
  readonly tenant: string | undefined;
  /** Only entries before this place. */
  readonly before: AuditPlace | undefined;
  /** Only entries from this time on. */
  readonly since: number;
  readonly limit: number;
}
