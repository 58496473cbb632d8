import type { RaisedEvent } from "../model/event.ts";
import type { Submission } from "../store.ts";

// A flush is written again within moments of the first time; a day outlasts any of them.
const KEY_KEPT_MS = 24 * 3_600_000;

/** Turns an event that the server raises into a submission. Its key alone says which it is. */
export function submissionOf({ tenant, event, key }: RaisedEvent, now: number): Submission {
  return {
    tenant,
    events: [{ event, key: key === undefined ? undefined : { text: key, hash: new Uint8Array() } }],
    key: undefined,
    keysExpireAt: now + KEY_KEPT_MS,
  };
}
