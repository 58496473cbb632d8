import { Type } from "typebox";
import type { Endpoint } from "../../model/endpoint.ts";
import type { Tenant } from "../../model/tenant.ts";
import { type Access, askerOf, tenantOf } from "../access.ts";
import type { Caller } from "../caller.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { endpointView, readStatus } from "../endpoint-view.ts";
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

/** A page of a hundred reads no more events for a count than one who looks at one endpoint. */
const LOOKED_AT_MAX = 100;

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
      const data = [];
      for (const endpoint of rows) {
        data.push(await listedView(ports, { tenant, endpoint, caller, hasLane: include !== undefined }));
      }
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
      const data = [];
      for (const { tenant, endpoint } of rows) {
        const view = await listedView(ports, { tenant, endpoint, caller: askerOf(request), hasLane: true });
        data.push({ tenant: tenant.id, ...view });
      }
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

interface Listed {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  readonly caller: Caller;
  readonly hasLane: boolean;
}

/** One after the other: a list takes no more of the store's readers than one endpoint does. */
async function listedView(ports: ApiPorts, { tenant, endpoint, caller, hasLane }: Listed) {
  const query = { tenant, endpoint, lookedAtMax: LOOKED_AT_MAX };
  return { ...endpointView(endpoint, ports, caller), ...(hasLane ? await readStatus(ports, query) : {}) };
}
