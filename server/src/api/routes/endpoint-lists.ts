import { Type } from "typebox";
import type { Endpoint } from "../../model/endpoint.ts";
import type { Tenant } from "../../model/tenant.ts";
import { type Access, askerOf, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { type Counting, endpointView, readStatuses } from "../endpoint-view.ts";
import { PAGE_LIMIT, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import {
  type EndpointPlace,
  type EndpointRows,
  findTroubled,
  findTroubledOfAll,
} from "../troubled-endpoints.ts";

const EndpointsQuery = Type.Object(
  {
    include: Type.Optional(
      Type.Enum(["lane"], { description: "Also says how the deliveries of each are going." }),
    ),
    only: Type.Optional(
      Type.Enum(["troubled"], {
        description: "Those that are held, failing, stopped, paused or disabled.",
      }),
    ),
    ...pageParameters,
  },
  { additionalProperties: false },
);

const TroubledQuery = Type.Object(pageParameters, { additionalProperties: false });

/** A page of a hundred looks at few events for each count, and at none where memory has as many. */
const COUNTING: Counting = { lookedAtMax: 100, knownMax: 100 };

/** `GET` of a tenant's endpoints, and of those of all tenants that need somebody. */
export function addEndpointLists(app: Api, ports: ApiPorts, access: Access): void {
  const { ids } = ports;

  app.get(
    "/v1/tenants/:tenant/endpoints",
    { onRequest: access.tenant("endpoints:read"), schema: { querystring: EndpointsQuery } },
    async (request) => {
      const { cursor, limit = PAGE_LIMIT, include, only } = request.query;
      const tenant = tenantOf(request);
      const caller = askerOf(request);
      const key = ["endpoints", tenant.id, ...(only === undefined ? [] : [only])];
      const place = { before: numberAt(ports, key, cursor), limit };
      const { rows, next } = await (only === undefined ? listAll : findTroubled)(ports, tenant, place);
      const query = { tenant, endpoints: rows, counting: COUNTING };
      const statuses = include === undefined ? [] : await readStatuses(ports, query);
      const data = rows.map((endpoint, index) => ({
        ...endpointView(endpoint, ports, caller),
        ...statuses[index],
      }));
      return { data, next_cursor: next === undefined ? null : cursorOf(key, ids.endpoint(next)) };
    },
  );

  app.get(
    "/v1/endpoints/troubled",
    { onRequest: access.admin, schema: { querystring: TroubledQuery } },
    async (request) => {
      const { cursor, limit = PAGE_LIMIT } = request.query;
      const key = ["endpoints", undefined, "troubled"];
      const place = { before: numberAt(ports, key, cursor), limit };
      const { rows, next } = await findTroubledOfAll(ports, place);
      const statuses = await readStatusesOfAll(ports, rows);
      const data = rows.map(({ tenant, endpoint }) => ({
        tenant: tenant.id,
        ...endpointView(endpoint, ports, askerOf(request)),
        ...statuses.get(endpoint),
      }));
      return { data, next_cursor: next === undefined ? null : cursorOf(key, ids.endpoint(next)) };
    },
  );
}

/** Reads the number of the last endpoint of the page before. */
function numberAt(
  { ids }: ApiPorts,
  key: readonly (string | undefined)[],
  cursor: string | undefined,
): number | undefined {
  const number = cursor === undefined ? undefined : ids.endpointNumberOf(positionIn(key, cursor));
  if (cursor !== undefined && number === undefined) {
    throw wrongCursor();
  }
  return number;
}

async function listAll(
  { registry }: ApiPorts,
  tenant: Tenant,
  { before, limit }: EndpointPlace,
): Promise<EndpointRows> {
  const found = await registry.listEndpoints({ tenant: tenant.number, before, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? rows.at(-1)?.number : undefined };
}

/** As `readStatuses`, of endpoints of several tenants. */
async function readStatusesOfAll(
  ports: ApiPorts,
  rows: readonly { readonly tenant: Tenant; readonly endpoint: Endpoint }[],
) {
  const found = new Map<Endpoint, Awaited<ReturnType<typeof readStatuses>>[number] | undefined>();
  const tenants = new Map(rows.map(({ tenant }) => [tenant.number, tenant]));
  for (const tenant of tenants.values()) {
    const own = rows.filter((row) => row.tenant.number === tenant.number);
    const endpoints = own.map(({ endpoint }) => endpoint);
    const statuses = await readStatuses(ports, { tenant, endpoints, counting: COUNTING });
    endpoints.forEach((endpoint, place) => found.set(endpoint, statuses[place]));
  }
  return found;
}
