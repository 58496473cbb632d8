import { setImmediate } from "node:timers/promises";
import type { Contract } from "@posthorn/contracts/contract";
import type { EndpointWithoutSecrets } from "../../../model/endpoint.ts";
import type { ListedEvent } from "../../../model/event.ts";
import type { Offset } from "../../../model/offset.ts";
import type { Tenant } from "../../../model/tenant.ts";
import type { ApiPorts } from "../../ports.ts";
import { readDelivered } from "./delivered.ts";
import type { EventsQuery } from "./events-query.ts";

// The vendor's pages are numbered and its totals exact, so everything before a page is looked at, each time.
export const EVENTS_FOUND_MAX = 2000;
const EVENTS_A_READ = 200;
const LOOKED_AT_A_READ = 1000;
const READS_MAX = 40;

export interface FoundEvents {
  /** In the order that was asked for. */
  readonly events: readonly ListedEvent[];
  /** Where looking ended although there is more; undefined if there is not. */
  readonly cutAt: Offset | undefined;
}

export interface Search {
  readonly tenant: Tenant;
  readonly contract: Contract;
  /** The tenant's, of the contract. */
  readonly endpoints: readonly EndpointWithoutSecrets[];
  readonly query: EventsQuery;
}

/** Finds a tenant's events that the contract can say: those of its catalogue that have a subject, still. */
export async function findEvents(ports: ApiPorts, search: Search): Promise<FoundEvents> {
  const { query, endpoints } = search;
  const { events, cutAt } = await scan(ports, search);
  if (query.delivered === undefined) {
    return { events, cutAt };
  }
  const delivered = await readDelivered(ports, events, endpoints);
  return { events: events.filter(({ offset }) => delivered.has(offset) === query.delivered), cutAt };
}

async function scan({ reader }: ApiPorts, { tenant, contract, query }: Search): Promise<FoundEvents> {
  const { isOldestFirst } = query;
  const names = new Set(contract.catalogue.eventTypes.map(({ name }) => name));
  const found: ListedEvent[] = [];
  let { from, before } = query;
  let cutAt: Offset | undefined;
  for (let reads = 0; reads < READS_MAX && found.length < EVENTS_FOUND_MAX; reads += 1) {
    // The rest of the process has its turn between two reads.
    await setImmediate();
    const { events, next } = await reader.listEvents({
      tenant: tenant.number,
      types: [...names],
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
      isOldestFirst,
      limit: EVENTS_A_READ,
      scanMax: LOOKED_AT_A_READ,
    });
    const said = events.filter(({ type, subject }) => names.has(type) && subject !== undefined);
    found.push(...said);
    if (next === undefined) {
      return { events: found, cutAt: undefined };
    }
    cutAt = next;
    from = isOldestFirst ? next + 1 : from;
    before = isOldestFirst ? before : next;
  }
  return { events: found, cutAt };
}
