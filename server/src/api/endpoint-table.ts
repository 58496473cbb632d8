import type { EndpointWithoutSecrets } from "../model/endpoint.ts";
import type { EventMeta } from "../model/event.ts";

/** A tenant's endpoints, found by number and by what they may be owed. */
export interface EndpointTable {
  /** Newest first. */
  readonly all: readonly EndpointWithoutSecrets[];
  /** No event may be owed to more of them. */
  readonly owedMax: number;
  find(number: number): EndpointWithoutSecrets | undefined;
  /** Returns those that an event may be owed to, newest first: whether it is, their versions say. */
  mayBeOwed(event: Pick<EventMeta, "type" | "to">): readonly EndpointWithoutSecrets[];
}

/** Makes a table of endpoints, which come newest first. */
export function endpointTable(all: readonly EndpointWithoutSecrets[]): EndpointTable {
  const byNumber = new Map(all.map((endpoint) => [endpoint.number, endpoint]));
  // Of those that ever named types alone, by each; the others want whatever comes, or say so by a glob.
  const byType = new Map<string, EndpointWithoutSecrets[]>();
  const others: EndpointWithoutSecrets[] = [];
  for (const endpoint of all) {
    const types = namesOf(endpoint);
    for (const type of types ?? []) {
      const wanting = byType.get(type) ?? [];
      byType.set(type, wanting);
      wanting.push(endpoint);
    }
    if (types === undefined) {
      others.push(endpoint);
    }
  }
  const most = [...byType.values()].reduce((max, { length }) => Math.max(max, length), 0);
  return {
    all,
    owedMax: most + others.length,
    find: (number) => byNumber.get(number),
    mayBeOwed({ type, to }) {
      if (to !== undefined) {
        const only = byNumber.get(to);
        return only === undefined ? [] : [only];
      }
      const named = byType.get(type) ?? [];
      return named.length === 0
        ? others
        : [...named, ...others].sort((one, other) => other.number - one.number);
    },
  };
}

/** Every type that an endpoint has ever subscribed to; undefined: not all of them can be named. */
function namesOf({ versions }: EndpointWithoutSecrets): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { eventTypes } of versions) {
    if (eventTypes === undefined || eventTypes.some((name) => name.includes("*"))) {
      return undefined;
    }
    eventTypes.forEach((name) => names.add(name));
  }
  return names;
}
