/**
 * Thrown where the store gave no answer, or none for now: whether anything was stored is not known, and the
 * same may be asked again.
 */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";

  constructor(cause: unknown) {
    super(`the store is not available: ${cause instanceof Error ? cause.message : typeof cause}`, { cause });
  }
}
