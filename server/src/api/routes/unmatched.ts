import { Type } from "typebox";
import { timeOfOffset } from "../../model/offset.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { readDeliveries } from "../deliveries-of.ts";
import { PAGE_LIMIT, pageOf, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf } from "../timestamp.ts";
import { unmatchedBy } from "../unmatched.ts";
import { readEvent } from "./events.ts";

const UnmatchedQuery = Type.Object(pageParameters, { additionalProperties: false });

/** `/v1/tenants/{tenant}/events/{event}/unmatched`: endpoints without a delivery of it, and why. */
export function addUnmatchedRoute(app: Api, ports: ApiPorts, access: Access): void {
  const { ids, contracts } = ports;
  const path = "/v1/tenants/:tenant/events/:event/unmatched";
  // What it shows are subscriptions.
  const options = { onRequest: access.tenant("endpoints:read"), schema: { querystring: UnmatchedQuery } };

  app.get(path, options, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT } = request.query;
    const event = await readEvent(ports, tenant, pathParameter(request, "event"));
    const bound = ["unmatched", tenant.id, String(event.offset)];
    const before = cursor === undefined ? Infinity : ids.endpointNumberOf(positionIn(bound, cursor));
    if (before === undefined) {
      throw wrongCursor();
    }
    const endpoints = await ports.endpoints.read(tenant);
    const deliveries = await readDeliveries(ports, { events: [event], endpoint: undefined, endpoints });
    // A replay may have sent it to an endpoint that was not owed it.
    const served = new Set(deliveries.map(({ endpoint }) => endpoint));
    const unmatched = endpoints.all
      .filter(({ number }) => number < before && !served.has(number))
      .flatMap(
        (endpoint) => unmatchedBy({ endpoint, contract: contracts.get(endpoint.contract) }, event) ?? [],
      );
    const { rows, next } = pageOf(unmatched, limit, (last) =>
      cursorOf(bound, ids.endpoint(last.endpoint.number)),
    );
    return {
      data: rows.map(({ endpoint, version, reasons }) => ({
        endpoint_id: ids.endpoint(endpoint.number),
        url: endpoint.config.url,
        contract: endpoint.contract,
        reasons,
        event_types: version?.eventTypes ?? null,
        in_force_since: version === undefined ? null : timestampOf(timeOfOffset(version.since)),
        created_at: timestampOf(endpoint.createdAt),
      })),
      next_cursor: next,
    };
  });
}
