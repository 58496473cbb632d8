import type { Offset } from "../model/offset.ts";
import type { Flusher } from "./flusher.ts";

/** What a person has asked of deliveries of one endpoint, on its way into the store. */
export interface Asked {
  readonly endpoint: number;
  readonly from: Offset;
  readonly to: Offset;
  /** Resolves when it is durable, or never will be. */
  readonly isOver: Promise<unknown>;
}

export interface Acting<Found, Result> {
  readonly flusher: Pick<Flusher, "flushes">;
  /** What is on its way; whoever acts adds to it. */
  readonly asked: Set<Asked>;
  /** What is asked about. */
  readonly deliveries: Omit<Asked, "isOver">;
  readonly read: () => Promise<Found>;
  /** Must do at once what depends on what was read and on memory; resolves when all of it is durable. */
  readonly act: (found: Found) => Promise<Result>;
}

/**
 * Acts on what is stored while memory says the same: what took effect while it was read is read again. What
 * others asked of the same deliveries is waited for, as the store does not know of it yet.
 */
export async function asInMemory<Found, Result>(acting: Acting<Found, Result>): Promise<Result> {
  const { flusher, asked, deliveries, read, act } = acting;
  for (;;) {
    const other = asked.values().find((one) => isOfSame(one, deliveries));
    if (other !== undefined) {
      await other.isOver;
      continue;
    }
    const { flushes } = flusher;
    const found = await read();
    if (flusher.flushes === flushes && !asked.values().some((one) => isOfSame(one, deliveries))) {
      return await whileAsked(asked, deliveries, act(found));
    }
  }
}

async function whileAsked<Result>(
  asked: Set<Asked>,
  deliveries: Omit<Asked, "isOver">,
  acting: Promise<Result>,
): Promise<Result> {
  const mine = { ...deliveries, isOver: acting.catch(() => undefined) };
  asked.add(mine);
  try {
    return await acting;
  } finally {
    asked.delete(mine);
  }
}

function isOfSame(one: Omit<Asked, "isOver">, other: Omit<Asked, "isOver">): boolean {
  return one.endpoint === other.endpoint && one.from <= other.to && other.from <= one.to;
}
