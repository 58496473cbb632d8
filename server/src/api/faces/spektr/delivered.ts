import { setImmediate } from "node:timers/promises";
import { currentVersion, type EndpointWithoutSecrets } from "../../../model/endpoint.ts";
import type { ListedEvent } from "../../../model/event.ts";
import type { Offset } from "../../../model/offset.ts";
import type { Tenant } from "../../../model/tenant.ts";
import { type Delivery, readDeliveries } from "../../deliveries-of.ts";
import { endpointTable } from "../../endpoint-table.ts";
import type { ApiPorts } from "../../ports.ts";

/** The endpoints that a tenant has, or had, of one contract, newest first. */
export async function readEndpointsOf(
  ports: ApiPorts,
  tenant: Tenant,
  contract: string,
): Promise<readonly EndpointWithoutSecrets[]> {
  const { all } = await ports.endpoints.read(tenant);
  return all.filter((endpoint) => endpoint.contract === contract);
}

// Each takes a few reads of the store.
const EVENTS_AT_ONCE = 100;

/** Finds those of a tenant's events that were delivered, by the facts that settle a delivery. */
export async function readDelivered(
  ports: ApiPorts,
  events: readonly ListedEvent[],
  endpoints: readonly EndpointWithoutSecrets[],
): Promise<ReadonlySet<Offset>> {
  const isHere = new Map(
    endpoints.map((endpoint) => [endpoint.number, currentVersion(endpoint).state !== "deleted"]),
  );
  const table = endpointTable(endpoints);
  const delivered = new Set<Offset>();
  for (let first = 0; first < events.length; first += EVENTS_AT_ONCE) {
    await setImmediate();
    const some = events.slice(first, first + EVENTS_AT_ONCE);
    const deliveries = await readDeliveries(ports, { events: some, endpoint: undefined, endpoints: table });
    const ofContract = deliveries.filter(({ endpoint }) => isHere.has(endpoint));
    for (const [event, its] of Map.groupBy(ofContract, (delivery) => delivery.event)) {
      if (isDelivered(its, isHere)) {
        delivered.add(event.offset);
      }
    }
  }
  return delivered;
}

/** Every endpoint that was owed the event took it, but for those that are gone; at least one did. */
function isDelivered(deliveries: readonly Delivery[], isHere: ReadonlyMap<number, boolean>): boolean {
  const hasTaken = ({ standing }: Delivery) => standing.state === "delivered";
  return (
    deliveries.some(hasTaken) &&
    deliveries.every((delivery) => hasTaken(delivery) || isHere.get(delivery.endpoint) === false)
  );
}
