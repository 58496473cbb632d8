/**
 * A database that was restored from a backup knows it, and nothing is sent from it until a person has looked:
 * what was delivered after the backup would be delivered again.
 */
export interface Restoration {
  /**
   * When the backup was made, or what the database knew last was accepted, in milliseconds since 1970;
   * undefined if nothing keeps the sending back.
   */
  readonly backedUpAt: number | undefined;
  /** Forgets, durably, that the database was restored. */
  end(): Promise<void>;
}

/**
 * So far ahead of the clock the log of a database goes on that went back in time: longer than the clocks of
 * the machine that was lost and of this one differ.
 */
export const AHEAD_MS = 60_000;
