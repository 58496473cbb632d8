import type { LatestOnlyBy } from "../model/endpoint.ts";
import type { EventMeta } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";

/** The newest event of a key that a lane was handed. */
export type Newest = Pick<EventMeta, "offset" | "expiresAt">;

/** By key; those that were heard of last. */
export type NewestByKey = Map<string, Newest>;

/** Whether something newer of the same key came, which is sent as it is now. */
export function isSuperseded(known: NewestByKey, by: LatestOnlyBy | undefined, event: EventMeta): boolean {
  const key = keyOf(by, event);
  const newest = key === undefined ? undefined : known.get(key);
  return newest !== undefined && supersedes(newest, event);
}

/** Forgets that an event was the newest of its key, since it is not sent: it supersedes nothing. */
export function forgetNewest(known: NewestByKey, offset: Offset): void {
  for (const [key, newest] of known) {
    if (newest.offset === offset) {
      known.delete(key);
    }
  }
}

/** What ends sooner does not stand for what lasts longer. */
export function supersedes(newer: Newest, older: Newest): boolean {
  const endOf = ({ expiresAt }: Newest) => expiresAt ?? Infinity;
  return newer.offset > older.offset && endOf(newer) >= endOf(older);
}

/** Names what an event is a state of; undefined: of nothing, or everything is wanted. */
export function keyOf(by: LatestOnlyBy | undefined, { type, subject, to }: EventMeta): string | undefined {
  // What is meant for this endpoint alone, such as a test, says nothing of what others are told.
  return by === undefined || subject === undefined || to !== undefined ? undefined : KEYS[by](type, subject);
}

// No type has a control character in it.
const KEYS: Readonly<Record<LatestOnlyBy, (type: string, subject: string) => string>> = {
  subject: (_type, subject) => `\n${subject}`,
  type_and_subject: (type, subject) => `${type}\n${subject}`,
};

/** Keeps the newest of a key; beyond the limit the key that was heard of longest ago is forgotten. */
export function remember(
  known: NewestByKey,
  { key, newest, keysMax }: { key: string; newest: Newest; keysMax: number },
): void {
  known.delete(key);
  known.set(key, { offset: newest.offset, expiresAt: newest.expiresAt });
  const [oldest] = known.keys();
  if (known.size > keysMax && oldest !== undefined) {
    known.delete(oldest);
  }
}
