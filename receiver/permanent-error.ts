/**
 * Says that an event can never be taken: throw it, and the sender is told not to send the event again.
 *
 * BSPK is answered 422 and Bubblehouse `invalid_data`; spektr, CloudEvents and Standard Webhooks have no word
 * for it and are answered as if the event had been taken.
 *
 * @example
 * ```ts
 * if (shop === undefined) throw new PermanentError(`no shop has the id ${event.data.id}`);
 * ```
 */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/** Tells a permanent error by its name, since a program may hold this package twice. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && error.name === "PermanentError";
}
