import { hash } from "node:crypto";
import { Type } from "typebox";
import { isSession, makeApiKey, makeApiKeyId } from "../../api-key.ts";
import {
  type ApiKey,
  KEY_RATE_PER_SECOND_MAX,
  ROLES,
  type Role,
  SCOPES,
  type Scope,
} from "../../model/tenant.ts";
import { Problem } from "../../problem.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { isText } from "../event-text.ts";
import { noSuch, noSuchTenant } from "../no-such.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { parseTimestamp, TIMESTAMP_FORM, timestampOf, timestampOrNull } from "../timestamp.ts";

const NewKeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: "For people." }),
    scopes: Type.Optional(
      Type.Array(Type.Enum([...SCOPES]), {
        minItems: 1,
        maxItems: SCOPES.length,
        description: "Default: all.",
      }),
    ),
    role: Type.Optional(
      Type.Enum(["viewer", "support", "admin"], {
        description: "What a person may do, in place of scopes: see docs/guides/security.md.",
      }),
    ),
    rate_per_second: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: KEY_RATE_PER_SECOND_MAX }), Type.Null()], {
        description: "Requests that it may make in a second, on average. Default: the installation's rate.",
      }),
    ),
    expires_at: Type.Optional(
      Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
        description: "A time from which on it opens nothing. Default: never.",
      }),
    ),
  },
  { additionalProperties: false },
);

const KEY_ID = /^key_[A-Za-z0-9_-]{1,64}$/;

/** `/v1/tenants/{tenant}/keys`: what a tenant's own programs show to be let in. Only admin keys make them. */
export function addKeyRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { keyUses } = access;
  const { registry, clock, random } = ports;
  const path = "/v1/tenants/:tenant/keys";

  app.post(path, { onRequest: access.tenantAdmin, schema: { body: NewKeyBody } }, async (request, reply) => {
    const { name, rate_per_second, expires_at } = request.body;
    const scopes = scopesOf(request.body);
    const text = makeApiKey(random);
    const key: ApiKey = {
      id: makeApiKeyId(random),
      tenant: tenantOf(request).number,
      name: checkedName(name),
      hash: hash("sha256", text, "buffer"),
      scopes,
      ratePerSecond: rate_per_second ?? undefined,
      createdAt: clock.now(),
      expiresAt: expiryOf(expires_at ?? undefined, clock.now()),
      lastUsedAt: undefined,
    };
    if (!(await registry.createKey(key))) {
      throw noSuchTenant(tenantOf(request).id);
    }
    return reply.code(201).send({ ...keyView(key), key: text });
  });

  app.get(path, { onRequest: access.tenantAdmin }, async (request) => {
    const keys = (await registry.listKeys(tenantOf(request).number)).filter((key) => !isSession(key));
    const data = keys.map((key) => keyView({ ...key, lastUsedAt: keyUses.lastUseOf(key) }));
    return { data, next_cursor: null };
  });

  app.delete(`${path}/:key`, { onRequest: access.tenantAdmin }, async (request, reply) => {
    const id = pathParameter(request, "key");
    const tenant = tenantOf(request);
    if (!KEY_ID.test(id) || !(await registry.revokeKey(tenant.number, id))) {
      throw noSuch("key", id, tenant);
    }
    return reply.code(204).send();
  });
}

function scopesOf({
  role,
  scopes,
}: {
  readonly role?: Role;
  readonly scopes?: readonly Scope[];
}): readonly Scope[] | undefined {
  if (role === undefined) {
    return scopes === undefined ? undefined : [...new Set(scopes)];
  }
  if (scopes !== undefined) {
    throw new Problem("invalid_request", "A key has a role, or scopes.", [
      { pointer: "/role", detail: "must be absent beside scopes" },
    ]);
  }
  return ROLES[role];
}

function checkedName(name: string): string {
  if (!isText(name)) {
    const detail = "must be text without control characters";
    throw new Problem("invalid_request", "The key's name is not as it must be.", [
      { pointer: "/name", detail },
    ]);
  }
  return name;
}

function expiryOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const at = parseTimestamp(text);
  if (at === undefined || at <= now) {
    const detail = `must be ${TIMESTAMP_FORM}, and in the future`;
    throw new Problem("invalid_request", "The key's end is not as it must be.", [
      { pointer: "/expires_at", detail },
    ]);
  }
  return at;
}

function keyView({ id, name, scopes, ratePerSecond, createdAt, expiresAt, lastUsedAt }: ApiKey) {
  return {
    id,
    name,
    scopes: scopes ?? null,
    rate_per_second: ratePerSecond ?? null,
    created_at: timestampOf(createdAt),
    expires_at: timestampOrNull(expiresAt),
    last_used_at: timestampOrNull(lastUsedAt),
  };
}
