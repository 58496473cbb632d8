import { Type } from "typebox";
import { compareTypeNames } from "../../model/event-type.ts";
import type { Tenant } from "../../model/tenant.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { cursorOf, numberIn, positionIn } from "../cursor.ts";
import { EventTypeChangeBody, NewEventTypeBody } from "../event-types/body.ts";
import { contractOfTenant, findKnownType, type KnownType } from "../event-types/known-type.ts";
import { changeEventType, registerEventType } from "../event-types/verbs.ts";
import { knownTypeView, schemaVersionView } from "../event-types/view.ts";
import { noSuchType } from "../no-such.ts";
import { PAGE_LIMIT, pageOf, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";

const PageQuery = Type.Object(pageParameters, { additionalProperties: false });

/**
 * `/v1/tenants/{tenant}/event-types`: the types that a tenant has registered, and those of its contract's
 * catalogue.
 */
export function addEventTypeRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { registry } = ports;
  const list = "/v1/tenants/:tenant/event-types";
  const one = `${list}/:type`;
  const onRead = access.tenant("endpoints:read");
  // What producers may send is for whoever may send.
  const onWrite = access.tenant("events:write");

  app.post(list, { onRequest: onWrite, schema: { body: NewEventTypeBody } }, async (request, reply) => {
    const { name, ...body } = request.body;
    const tenant = tenantOf(request);
    const known = await registerEventType(ports, tenant, { name, body });
    return reply.code(201).send(knownTypeView(known, ports, tenant));
  });

  app.get(list, { onRequest: onRead, schema: { querystring: PageQuery } }, async (request) => {
    const { cursor, limit = PAGE_LIMIT } = request.query;
    const tenant = tenantOf(request);
    const key = ["event-types", tenant.id];
    const after = cursor === undefined ? undefined : positionIn(key, cursor);
    const found = await listKnownTypes(ports, tenant, { after, limit: limit + 1 });
    const { rows, next } = pageOf(found, limit, (last) => cursorOf(key, last.name));
    return { data: rows.map((known) => knownTypeView(known, ports, tenant)), next_cursor: next };
  });

  app.get(one, { onRequest: onRead }, async (request) => {
    const tenant = tenantOf(request);
    const name = pathParameter(request, "type");
    const known = await findKnownType(ports, tenant, name);
    if (known === undefined) {
      throw noSuchType(name, tenant);
    }
    return knownTypeView(known, ports, tenant);
  });

  app.patch(one, { onRequest: onWrite, schema: { body: EventTypeChangeBody } }, async (request) => {
    const tenant = tenantOf(request);
    const name = pathParameter(request, "type");
    return knownTypeView(await changeEventType(ports, tenant, { name, body: request.body }), ports, tenant);
  });

  app.delete(one, { onRequest: onWrite }, async (request, reply) => {
    const name = pathParameter(request, "type");
    const tenant = tenantOf(request);
    if (!(await registry.deleteEventType(tenant.number, name))) {
      throw noSuchType(name, tenant);
    }
    return reply.code(204).send();
  });

  app.get(`${one}/versions`, { onRequest: onRead, schema: { querystring: PageQuery } }, async (request) => {
    const { cursor, limit = PAGE_LIMIT } = request.query;
    const { id, number: tenant } = tenantOf(request);
    const name = pathParameter(request, "type");
    const key = ["event-type-versions", id, name];
    const before = cursor === undefined ? undefined : numberIn(key, cursor);
    const found = await registry.listSchemaVersions({ tenant, name, before, limit: limit + 1 });
    const isKnown = found.length > 0 || (await findKnownType(ports, tenantOf(request), name)) !== undefined;
    if (!isKnown) {
      throw noSuchType(name, tenantOf(request));
    }
    const { rows, next } = pageOf(found, limit, (last) => cursorOf(key, String(last.version)));
    return { data: rows.map(schemaVersionView), next_cursor: next };
  });
}

/** Merges a page of what a tenant has registered with its catalogue, by name. */
async function listKnownTypes(
  ports: ApiPorts,
  tenant: Tenant,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly KnownType[]> {
  const catalogue = contractOfTenant(ports, tenant)?.catalogue.eventTypes ?? [];
  const described = new Map(catalogue.map((type) => [type.name, type]));
  const own = await ports.registry.listEventTypes({ tenant: tenant.number, after, limit });
  const registered = new Map(own.map((type) => [type.name, type]));
  const names = new Set([...registered.keys(), ...described.keys()]);
  return [...names]
    .filter((name) => after === undefined || compareTypeNames(name, after) > 0)
    .sort(compareTypeNames)
    .slice(0, limit)
    .map((name) => ({ name, registered: registered.get(name), described: described.get(name) }));
}
