import type { Facts } from "../facts.ts";
import { type LiveFact, type LiveFeed, type LiveTenant, UNWATCHED } from "../live.ts";
import type { Offset } from "../model/offset.ts";
import type { Store } from "../store.ts";
import type { Routed } from "./follower.ts";
import type { LeaseState } from "./lease-state.ts";
import { type ToldFact, toldFacts } from "./live-facts.ts";
import type { Payloads } from "./payloads.ts";
import type { Routes } from "./routes.ts";

/** Tells those who watch what becomes durable in one lease, in that order. */
export interface LiveTeller {
  /** Events that were routed; those from before this owner were told by the one before. */
  noteRouted(routed: Pick<Routed, "events">): void;
  noteWritten(facts: Facts): void;
}

export interface LiveTellerPorts {
  readonly live?: LiveFeed | undefined;
  readonly store: Pick<Store, "readEvents">;
  readonly routes: Pick<Routes, "find" | "tenant">;
  readonly payloads: Pick<Payloads, "get">;
}

/** Facts that may wait for what is read about them; more are left out. */
const WAITING_MAX = 2000;
/** Events read for one flush, only to know their types; the types of others are in memory, or left out. */
const READ_EVENTS_MAX = 20;

export function createLiveTeller(state: LeaseState, ports: LiveTellerPorts): LiveTeller {
  const { live = UNWATCHED, store, routes, payloads } = ports;
  let waiting = 0;
  let told = Promise.resolve();

  /** Tells what is complete; undefined: nothing about it is known in memory. */
  function tenantOf(endpoint: number): LiveTenant | undefined {
    return state.lanes.get(endpoint)?.route.tenant;
  }

  /** Reads what is missing, and tells: after what waits already. */
  function tellLater(facts: readonly ToldFact[]): void {
    if (waiting + facts.length > WAITING_MAX) {
      live.leaveOut(facts.length);
      return;
    }
    waiting += facts.length;
    told = told
      .then(async () => tell(facts, await readMissing(facts)))
      // Whatever cannot be read now, whoever watches finds in lists.
      .catch(() => live.leaveOut(facts.length))
      .finally(() => {
        waiting -= facts.length;
      });
  }

  async function readMissing(facts: readonly ToldFact[]): Promise<Known> {
    const offsets = new Set(facts.flatMap((fact) => ("offset" in fact ? [fact.offset] : [])));
    const unknown = [...offsets].filter((offset) => payloads.get(offset) === undefined);
    const wanted = unknown.slice(0, READ_EVENTS_MAX);
    const events = wanted.length === 0 ? [] : await store.readEvents(state.lease.id, wanted);
    const types = new Map(events.map(({ offset, type }) => [offset, type]));
    const tenants = new Map<number, LiveTenant>();
    for (const endpoint of new Set(facts.map((fact) => fact.endpoint))) {
      const tenant = tenantOf(endpoint) ?? (await routes.find(endpoint))?.tenant;
      if (tenant !== undefined) {
        tenants.set(endpoint, tenant);
      }
    }
    return {
      type: (offset) => payloads.get(offset)?.type ?? types.get(offset),
      tenant: (endpoint) => tenants.get(endpoint),
    };
  }

  function tell(facts: readonly ToldFact[], known: Known): void {
    const complete = facts.flatMap((fact) => liveFact(fact, known) ?? []);
    live.tell(complete);
    if (complete.length < facts.length) {
      live.leaveOut(facts.length - complete.length);
    }
  }

  const inMemory: Known = { type: (offset) => payloads.get(offset)?.type, tenant: tenantOf };

  return {
    noteRouted({ events }) {
      if (!live.isWatched) {
        return;
      }
      const fresh = events.filter(({ offset }) => offset > state.settledTo);
      const facts = fresh.flatMap(({ data, ...event }): LiveFact | [] => {
        const tenant = routes.tenant(event.tenant);
        const listed = { ...event, dataBytes: data.byteLength };
        return tenant === undefined ? [] : { kind: "event", tenant: shown(tenant), event: listed };
      });
      live.tell(facts);
      if (facts.length < fresh.length) {
        live.leaveOut(fresh.length - facts.length);
      }
    },
    noteWritten(facts) {
      if (!live.isWatched) {
        return;
      }
      const all = toldFacts(facts);
      const isKnown = all.every((fact) => liveFact(fact, inMemory) !== undefined);
      if (waiting === 0 && isKnown) {
        tell(all, inMemory);
      } else {
        tellLater(all);
      }
    },
  };
}

/** What is told beside the fact itself. */
interface Known {
  readonly type: (offset: Offset) => string | undefined;
  readonly tenant: (endpoint: number) => LiveTenant | undefined;
}

function liveFact(fact: ToldFact, known: Known): LiveFact | undefined {
  const tenant = known.tenant(fact.endpoint);
  if (tenant === undefined) {
    return undefined;
  }
  const whose = { tenant: shown(tenant) };
  switch (fact.kind) {
    case "lane":
      return { ...whose, kind: "lane", endpoint: fact.endpoint, hold: fact.hold };
    case "gap": {
      const { endpoint, from, to, reason } = fact;
      return { ...whose, kind: "gap", gap: { endpoint, from, to, reason } };
    }
    case "attempt": {
      const type = known.type(fact.offset);
      return type === undefined ? undefined : { ...whose, kind: "attempt", type, attempt: fact.attempt };
    }
    case "delivery": {
      const type = known.type(fact.offset);
      return type === undefined ? undefined : { ...whose, kind: "delivery", type, delivery: fact.delivery };
    }
  }
}

function shown({ number, id, shard }: LiveTenant): LiveTenant {
  return { number, id, shard };
}
