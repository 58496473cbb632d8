import type { RaisedEvent } from "./model/event.ts";

// A flush is written again within moments of the first time, and what was to be told in another shard is
// told again within the time that a lease is taken over in; a day outlasts both.
const KEY_KEPT_MS = 24 * 3_600_000;

/** Turns an event that the server raises into a submission to a store. Its key alone says which it is. */
export function submissionOf({ tenant, event, key }: RaisedEvent, now: number) {
  return {
    tenant,
    events: [{ event, key: key === undefined ? undefined : { text: key, hash: new Uint8Array() } }],
    key: undefined,
    keysExpireAt: now + KEY_KEPT_MS,
  };
}
