import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { isSession, sessionKindOf } from "../../api-key.ts";
import { Problem } from "../../problem.ts";
import { type Access, askerOf, tenantOf } from "../access.ts";
import { noSuchTenant } from "../no-such.ts";
import { makePortalLink, PORTAL_SCOPES, scopesToGive } from "../portal-links.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf } from "../timestamp.ts";

const SESSION_SECONDS = { minimum: 60, maximum: 12 * 3600, default: 3600 } as const;

const PortalSessionBody = Type.Object(
  {
    expires_in: Type.Optional(
      Type.Integer({
        minimum: SESSION_SECONDS.minimum,
        maximum: SESSION_SECONDS.maximum,
        description: "Seconds that the session lasts once the link was opened. Default: an hour.",
      }),
    ),
    scopes: Type.Optional(
      Type.Array(Type.Enum([...PORTAL_SCOPES]), {
        minItems: 1,
        maxItems: PORTAL_SCOPES.length,
        description: "What it may do. Default: all that the portal has screens for, and the key may do.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** All of it may be left out, the body too. */
const PortalSessionBodyOrNone = Type.Union([PortalSessionBody, Type.Null()]);

/** `/v1/tenants/{tenant}/portal-sessions`: what lets a customer see their own endpoints, and no other's. */
export function addPortalSessionRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { registry, publicUrl } = ports;
  const path = "/v1/tenants/:tenant/portal-sessions";
  const schema = { body: PortalSessionBodyOrNone };

  app.post(path, { onRequest: access.tenantKey, schema }, async (request, reply) => {
    const { expires_in = SESSION_SECONDS.default, scopes: asked } = request.body ?? {};
    const caller = askerOf(request);
    const scopes = scopesToGive(caller, asked ?? PORTAL_SCOPES);
    if (scopes.length === 0 || (asked !== undefined && scopes.length < asked.length)) {
      throw new Problem("forbidden", "A session of the portal may do nothing that the key itself may not.");
    }
    const wish = { tenant: tenantOf(request).number, scopes, sessionMs: expires_in * 1000 };
    const made = await makePortalLink(ports, caller, wish);
    if (made === undefined) {
      throw noSuchTenant(tenantOf(request).id);
    }
    return reply.code(201).send({
      // Behind a #, which no browser sends and no log has.
      url: `${publicUrl ?? urlOf(request)}/portal/#link=${made.link}`,
      url_expires_at: timestampOf(made.expiresAt),
      expires_in,
      scopes,
    });
  });

  app.delete(path, { onRequest: access.tenantAdmin }, async (request, reply) => {
    const { number } = tenantOf(request);
    for (const row of await registry.listKeys(number)) {
      if (isSession(row) && sessionKindOf(row) !== "dashboard") {
        await registry.deleteKey(number, row.id);
      }
    }
    return reply.code(204).send();
  });
}

function urlOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}
