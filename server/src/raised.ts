import { DAY_MS } from "./model/duration.ts";
import type { RaisedEvent } from "./model/event.ts";

// What was to be told in another shard is told again within the time that a lease is taken over in, which a
// day outlasts.
const KEY_KEPT_MS = DAY_MS;

/** Turns an event that the server raises into a submission that goes with what the event is about. */
export function submissionOf({ tenant, event }: RaisedEvent) {
  return { tenant, events: [{ event, key: undefined }], key: undefined, keysExpireAt: 0 };
}

/** Turns one that is handed on into a submission to another shard, where its key alone says which it is. */
export function handedOnSubmissionOf(
  { tenant, event, key }: RaisedEvent & { readonly key: string },
  now: number,
) {
  return {
    tenant,
    events: [{ event, key: { text: key, hash: new Uint8Array() } }],
    key: undefined,
    keysExpireAt: now + KEY_KEPT_MS,
  };
}
