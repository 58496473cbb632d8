import type { Contract } from "@posthorn/contracts/contract";
import { envelopeOf } from "@posthorn/contracts/spektr/envelope";
import { spektrSettings } from "@posthorn/contracts/spektr/settings";
import { currentVersion, type EndpointWithoutSecrets } from "../../../model/endpoint.ts";
import type { StoredEvent } from "../../../model/event.ts";
import { type Offset, timeOfOffset } from "../../../model/offset.ts";
import type { Tenant } from "../../../model/tenant.ts";
import { Problem } from "../../../problem.ts";
import type { ApiPorts } from "../../ports.ts";
import { readDelivered, readEndpointsOf } from "./delivered.ts";
import type { EventsQuery } from "./events-query.ts";
import { EVENTS_FOUND_MAX, type FoundEvents, findEvents } from "./found-events.ts";

interface Asked {
  readonly contract: Contract;
  readonly query: EventsQuery;
}

interface Saying {
  readonly tenant: Tenant;
  readonly workspaceId: string;
  readonly delivered: ReadonlySet<Offset>;
}

/**
 * Finds the page that was asked for, and returns its JSON in pieces. Throws the Problem `invalid_request` for
 * a page beyond what is looked at.
 */
export async function eventsAnswer(
  ports: ApiPorts,
  tenant: Tenant,
  { contract, query }: Asked,
): Promise<AsyncGenerator<Uint8Array>> {
  const endpoints = await readEndpointsOf(ports, tenant, contract.name);
  const found = await findEvents(ports, { tenant, contract, endpoints, query });
  const first = (query.page - 1) * query.limit;
  if (found.cutAt !== undefined && first >= found.events.length && query.page > 1) {
    throw tooFar(query, found.cutAt);
  }
  const page = found.events.slice(first, first + query.limit);
  const delivered = await readDelivered(ports, page, endpoints);
  const saying = { tenant, workspaceId: workspaceIdOf(tenant, endpoints), delivered };
  const offsets = page.map(({ offset }) => offset);
  return pieces(ports, saying, { offsets, end: `],${paging(query, found)}` });
}

async function* pieces(
  ports: ApiPorts,
  saying: Saying,
  { offsets, end }: { readonly offsets: readonly Offset[]; readonly end: string },
): AsyncGenerator<Uint8Array> {
  let before = '{"results":[';
  for (const offset of offsets) {
    const event = await ports.reader.readEvent(saying.tenant.number, offset);
    const said = event && saidOf(ports, saying, event);
    // Erased since it was found.
    if (said !== undefined) {
      yield Buffer.concat([Buffer.from(before), said]);
      before = ",";
    }
  }
  yield Buffer.from(before === "," ? end : before + end);
}

/** An event as its webhook says it, and beside that when it was accepted and whether it was delivered. */
function saidOf(
  { ids }: ApiPorts,
  { tenant, workspaceId, delivered }: Saying,
  event: StoredEvent,
): Uint8Array | undefined {
  const { offset, type, subject, occurredAt, data } = event;
  const { shard } = tenant;
  const id = ids.event({ shard, offset });
  const seen = { id, offset, shard, tenantId: tenant.id, type, subject, occurredAt, data };
  const envelope = envelopeOf(seen, workspaceId);
  if (envelope === undefined) {
    return undefined;
  }
  const more = { createdAt: timeOfOffset(offset), delivered: delivered.has(offset) };
  // Spliced, never parsed and printed again (invariant 13).
  return Buffer.concat([Buffer.from(envelope), data, Buffer.from(`,${JSON.stringify(more).slice(1)}`)]);
}

/** The workspace that the tenant's webhooks name: that of the newest endpoint there is. */
function workspaceIdOf(tenant: Tenant, endpoints: readonly EndpointWithoutSecrets[]): string {
  const newest = endpoints.find((endpoint) => currentVersion(endpoint).state !== "deleted");
  const set = newest && spektrSettings.workspaceId.read(newest.config.settings);
  return set ?? tenant.id;
}

function paging({ page, limit }: EventsQuery, { events, cutAt }: FoundEvents): string {
  const totalPages = Math.max(1, Math.ceil(events.length / limit));
  const hasPrevPage = page > 1;
  // Beyond the last page that was looked at lies an answer that says how to go on.
  const hasNextPage = page < totalPages || (page === totalPages && cutAt !== undefined);
  const members = {
    totalResults: events.length,
    limit,
    page,
    totalPages,
    pagingCounter: (page - 1) * limit + 1,
    hasPrevPage,
    hasNextPage,
    prevPage: hasPrevPage ? page - 1 : null,
    nextPage: hasNextPage ? page + 1 : null,
  };
  return JSON.stringify(members).slice(1);
}

function tooFar({ isOldestFirst }: EventsQuery, cutAt: Offset): Problem {
  const at = timeOfOffset(cutAt);
  // Others of the same millisecond may not have been looked at.
  const goOn = isOldestFirst ? `createdAfter=${at - 1}` : `createdBefore=${at}`;
  const detail = `is beyond the ${EVENTS_FOUND_MAX} events that are looked at: go on with ${goOn}`;
  return new Problem("invalid_request", "The page is too far.", [{ pointer: "?page", detail }]);
}
