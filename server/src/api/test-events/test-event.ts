import type { Catalogue, EventExample } from "@posthorn/contracts/contract";
import { exampleOf } from "@posthorn/contracts/event-example";
import { isSubscribed } from "../../model/subscription.ts";

/** What an endpoint that is tried can be sent. */
export interface Choice {
  readonly catalogue: Catalogue;
  /** Names or globs that the endpoint subscribes to; undefined: every type. */
  readonly subscription: readonly string[] | undefined;
  /** Names that its tenant has registered, in their order. */
  readonly registered: readonly string[];
}

/** The type of a test where nothing else is known. */
const ANY_TYPE = "posthorn.test";

/**
 * Chooses the type of a test, always the same: the first that the endpoint subscribes to, of its contract's
 * catalogue before those its tenant has registered, and one that is deprecated only where there is no other;
 * then what the subscription names itself. Where it subscribes to nothing that is known, a type that the
 * contract can send.
 */
export function testTypeOf({ catalogue, subscription, registered }: Choice): string {
  const { kind, eventTypes } = catalogue;
  const inUse = eventTypes.filter(({ deprecatedFor }) => deprecatedFor === undefined);
  const known = [...inUse, ...eventTypes].map(({ name }) => name);
  // A closed catalogue has all there are.
  const others = kind === "closed" ? [] : [...registered, ...(subscription ?? []).filter(isName)];
  const wanted = [...known, ...others].find((name) => isSubscribed(subscription, name));
  return wanted ?? (kind === "closed" ? known[0] : undefined) ?? ANY_TYPE;
}

function isName(pattern: string): boolean {
  return !pattern.includes("*");
}

/** What a caller says of a test, and the example that its tenant gave of the type. */
export interface Given {
  readonly data: Uint8Array | undefined;
  readonly example: string | undefined;
}

/** Says what a test carries: what is given, else an example of its type. */
export function testContentOf(catalogue: Catalogue, type: string, { data, example }: Given) {
  const { subject, data: exampleData }: EventExample = exampleOf(catalogue, type);
  return { subject, data: data ?? Buffer.from(example ?? JSON.stringify(exampleData)) };
}
