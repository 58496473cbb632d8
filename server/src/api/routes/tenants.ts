import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { VALIDATIONS } from "../../model/event-type.ts";
import { NO_RETENTION, retentionAfter } from "../../model/retention.ts";
import type { Tenant } from "../../model/tenant.ts";
import { OPERATOR_ID } from "../../operator.ts";
import { Problem } from "../../problem.ts";
import { shardOf } from "../../shard.ts";
import { type Access, TENANT_ID, tenantOf } from "../access.ts";
import { cursorOf, numberIn } from "../cursor.ts";
import { isText } from "../event-text.ts";
import { noSuchTenant } from "../no-such.ts";
import { PAGE_LIMIT, pageOf, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { RetentionBody, retentionChange, retentionView, tooLong } from "../tenant-retention.ts";
import { timestampOf } from "../timestamp.ts";

const name = Type.String({ minLength: 1, maxLength: 200, description: "For people." });

const validation = Type.Enum([...VALIDATIONS], {
  description:
    "What becomes of events that do not fit the schemas of the contract's catalogue. Default: off.",
});

const NewTenantBody = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "Default: one is made." })),
    name,
    contract: Type.Optional(
      Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
        description: "What its endpoints have that name none. Default: the installation's.",
      }),
    ),
    validation: Type.Optional(validation),
    retention: Type.Optional(RetentionBody),
  },
  { additionalProperties: false },
);

const TenantChangeBody = Type.Object(
  {
    name: Type.Optional(name),
    contract: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "What endpoints have that are made from now on and name none.",
      }),
    ),
    validation: Type.Optional(validation),
    retention: Type.Optional(RetentionBody),
  },
  { additionalProperties: false },
);

const TenantsQuery = Type.Object(pageParameters, { additionalProperties: false });

const LIST = ["tenants"];
const ID_BYTES = 12;

/** `/v1/tenants`: whose events and endpoints there are. */
export function addTenantRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { registry, clock, random } = ports;

  app.post(
    "/v1/tenants",
    { onRequest: access.admin, schema: { body: NewTenantBody } },
    async (request, reply) => {
      const { body } = request;
      const id = body.id ?? `ten_${Buffer.from(random.bytes(ID_BYTES)).toString("base64url")}`;
      const contract = body.contract ?? undefined;
      checkTenant({ id, name: body.name, contract, retention: body.retention }, ports);
      const retention = retentionChange(body.retention);
      const tenant = await registry.createTenant({
        id,
        name: body.name,
        contract,
        shard: shardOf(id),
        createdAt: clock.now(),
        ...(body.validation === undefined ? {} : { validation: body.validation }),
        ...(retention === undefined ? {} : { retention: retentionAfter(NO_RETENTION, retention) }),
      });
      if (tenant === undefined) {
        throw new Problem("tenant_exists", `A tenant ${id} exists, or existed: an id is never given twice.`);
      }
      return reply.code(201).send(tenantView(tenant));
    },
  );

  app.get(
    "/v1/tenants",
    { onRequest: access.admin, schema: { querystring: TenantsQuery } },
    async (request) => {
      const { cursor, limit = PAGE_LIMIT } = request.query;
      const before = cursor === undefined ? undefined : numberIn(LIST, cursor);
      const found = await registry.listTenants({ before, limit: limit + 1 });
      const { rows, next } = pageOf(found, limit, (last) => cursorOf(LIST, String(last.number)));
      return { data: rows.map(tenantView), next_cursor: next };
    },
  );

  app.get("/v1/tenants/:tenant", { onRequest: access.tenant("endpoints:read") }, (request) =>
    tenantView(tenantOf(request)),
  );

  addChanges(app, ports, access);
}

function addChanges(app: Api, ports: ApiPorts, access: Access): void {
  const { registry, engine, clock } = ports;

  app.patch(
    "/v1/tenants/:tenant",
    { onRequest: access.tenantAdmin, schema: { body: TenantChangeBody } },
    async (request) => {
      const tenant = tenantOf(request);
      const { retention: said, ...rest } = request.body;
      checkTenant({ id: tenant.id, name: rest.name, contract: rest.contract, retention: said }, ports);
      const retention = retentionChange(said);
      const change = retention === undefined ? rest : { ...rest, retention };
      const changed = await registry.updateTenant(tenant.number, change);
      if (changed === undefined) {
        throw noSuchTenant(tenant.id);
      }
      return tenantView(changed);
    },
  );

  app.delete("/v1/tenants/:tenant", { onRequest: access.tenantAdmin }, async (request, reply) => {
    const { number, shard } = endableTenantOf(request);
    await registry.deleteTenant(number, clock.now());
    engine.noteChanges(shard);
    await engine.erase(shard, number);
    return reply.code(204).send();
  });
}

function endableTenantOf(request: FastifyRequest): Tenant {
  const tenant = tenantOf(request);
  if (tenant.id === OPERATOR_ID) {
    throw new Problem("tenant_reserved", `What this installation tells of itself are ${tenant.id}'s events.`);
  }
  return tenant;
}

interface TenantToCheck {
  readonly id: string;
  readonly name: string | undefined;
  readonly contract: string | undefined;
  readonly retention: Parameters<typeof tooLong>[0];
}

function checkTenant({ id, name: newName, contract, retention }: TenantToCheck, ports: ApiPorts): void {
  const { contracts } = ports;
  const wrong = [...tooLong(retention, ports)];
  if (!TENANT_ID.test(id)) {
    wrong.push({ pointer: "/id", detail: "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -" });
  }
  if (newName !== undefined && !isText(newName)) {
    wrong.push({ pointer: "/name", detail: "must be text without control characters" });
  }
  if (contract !== undefined && !contracts.has(contract)) {
    wrong.push({ pointer: "/contract", detail: `must be one of ${[...contracts.keys()].join(", ")}` });
  }
  if (wrong.length > 0) {
    throw new Problem("invalid_request", "Members of the tenant are not as they must be.", wrong);
  }
}

function tenantView(tenant: Tenant) {
  return {
    id: tenant.id,
    name: tenant.name,
    contract: tenant.contract ?? null,
    validation: tenant.validation,
    retention: retentionView(tenant.retention),
    created_at: timestampOf(tenant.createdAt),
  };
}
