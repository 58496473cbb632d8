import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isMistypedApiKey, isSession } from "../api-key.ts";
import type { ApiKey, Scope, Tenant } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { type Caller, digestOf, hasScope } from "./caller.ts";
import { inTime } from "./in-time.ts";
import { createKeyRates } from "./key-rates.ts";
import { createKeyUses, type KeyUses } from "./key-uses.ts";
import { asking } from "./needed-key.ts";
import { noSuchTenant } from "./no-such.ts";
import type { ApiPorts } from "./ports.ts";
import { createSessions, type Sessions } from "./sessions.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The tenant of the path, once the key was found to reach it. */
    tenant: Tenant | undefined;
    /** Who asks, once it is known. */
    caller: Caller | undefined;
    /** How many requests the caller's key may make in a second, once it was found; 0: any number. */
    keyRatePerSecond: number;
    /** What it failed with, once that is known; each face answers it in a form of its own. */
    problem: Problem | undefined;
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Hooks that run before anything of a request's body is read. Those for callers with a key count the request
 * among the key's, and throw the Problem `rate_limited` where there are too many.
 */
export interface Access {
  /** Finds the caller by a key, wherever the request has it. Throws the Problem `unauthorized`. */
  readonly callerWith: (key: string | undefined) => Promise<Caller>;
  /** Finds the caller by the bearer key. Throws the Problem `unauthorized`. */
  readonly callerOf: (request: FastifyRequest) => Promise<Caller>;
  /** Finds the caller by the bearer key, or by a browser's session. Throws the Problem `unauthorized`. */
  readonly callerIn: (request: FastifyRequest) => Promise<Caller>;
  /**
   * Returns the tenant of a tenant's key that has this scope. Throws the Problem `unauthorized` for all other
   * keys: vendors' faces know no other refusal.
   */
  readonly ownTenant: (
    caller: Caller,
    scope: Scope,
  ) => Promise<{ readonly tenant: Tenant; readonly key: ApiKey }>;
  /** Counts a request among those of the caller's key. Throws the Problem `rate_limited`. */
  readonly limitRate: (caller: Caller, reply: FastifyReply) => void;
  /** Lets any valid key pass. */
  readonly anyone: Hook;
  /** Lets admin keys pass. */
  readonly admin: Hook;
  /** Lets the key of the metrics pass, and admin keys. */
  readonly metrics: Hook;
  /**
   * Lets admin keys and the tenant's own keys with one of these scopes pass, and puts the path's tenant in
   * the request. For other tenants' keys it is not there, exactly as one that never was (invariant 9).
   */
  readonly tenant: (...scopes: readonly [Scope, ...Scope[]]) => Hook;
  /** As `tenant`, for keys of any scope and dashboards' sessions: no portal's session makes another. */
  readonly tenantKey: Hook;
  /** As `tenant`, for admin keys only. */
  readonly tenantAdmin: Hook;
  /** Puts the path's tenant into the request, whoever asks: only for what everyone may see. */
  readonly everyone: Hook;
  readonly keyUses: KeyUses;
  readonly sessions: Sessions;
}

// As in the paths of the API; what does not match never reaches a store.
export const TENANT_ID = /^[A-Za-z0-9_-]{1,64}$/;

const BEARER = /^Bearer +(\S.*)$/i;
// Longer than any key, shorter than what is worth hashing.
const KEY_LENGTH_MAX = 512;

export function createAccess(ports: ApiPorts): Access {
  const { registry, clock, adminKeyHash, metricsKeyHash } = ports;
  const keyUses = createKeyUses(ports);
  const keyRates = createKeyRates(ports);

  async function callerWith(key: string | undefined): Promise<Caller> {
    if (key === undefined || key.length > KEY_LENGTH_MAX) {
      throw unauthorized();
    }
    if (isMistypedApiKey(key) && !isConfigured(digestOf(key))) {
      throw new Problem("unauthorized", "The key is incomplete or mistyped: its checksum is not right.");
    }
    const caller = await callerBy(digestOf(key));
    if (caller === undefined) {
      throw unauthorized();
    }
    return caller;
  }

  const isConfigured = (digest: Uint8Array) =>
    adminKeyHash !== undefined && timingSafeEqual(digest, adminKeyHash);

  function isMetricsKey(key: string | undefined): boolean {
    const isAny = key !== undefined && key.length <= KEY_LENGTH_MAX && metricsKeyHash !== undefined;
    return isAny && timingSafeEqual(digestOf(key), metricsKeyHash);
  }

  async function callerBy(digest: Uint8Array): Promise<Caller | undefined> {
    if (isConfigured(digest)) {
      return { kind: "admin", key: undefined, digest };
    }
    const now = clock.now();
    const found = await inTime(clock, registry.findKey(digest));
    if (
      found === undefined ||
      isSession(found) ||
      (found.expiresAt !== undefined && found.expiresAt <= now)
    ) {
      return undefined;
    }
    keyUses.note(found, now);
    const { tenant } = found;
    return tenant === undefined
      ? { kind: "admin", key: found, digest }
      : { kind: "tenant", tenant, key: found, digest };
  }

  const sessions = createSessions(ports, { callerWith, callerBy });

  const keyIn = (request: FastifyRequest) => BEARER.exec(request.headers.authorization ?? "")?.[1];

  const callerOf = async (request: FastifyRequest) => await callerWith(keyIn(request));

  const callerIn = async (request: FastifyRequest) =>
    (await sessions.callerOf(request)) ?? (await callerOf(request));

  async function tenantIn(request: FastifyRequest): Promise<Tenant | undefined> {
    const id = pathParameter(request, "tenant");
    return TENANT_ID.test(id) ? await inTime(clock, registry.findTenant(id)) : undefined;
  }

  function limitRate(caller: Caller, reply: FastifyReply): void {
    if (caller.kind === "tenant") {
      keyRates.take(caller.key, reply);
    }
  }

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const caller = await callerIn(request);
    request.caller = caller;
    limitRate(caller, reply);
    request.keyRatePerSecond = caller.kind === "tenant" ? keyRates.rateOf(caller.key) : 0;
    return caller;
  }

  async function reach(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const caller = await admit(request, reply);
    const tenant = await tenantIn(request);
    if (tenant === undefined || (caller.kind === "tenant" && caller.tenant !== tenant.number)) {
      throw noSuchTenant(pathParameter(request, "tenant"));
    }
    request.tenant = tenant;
    return caller;
  }

  return {
    callerWith,
    callerOf,
    callerIn,
    async ownTenant(caller, scope) {
      const tenant =
        caller.kind === "tenant" && hasScope(caller, scope)
          ? await inTime(clock, registry.tenantByNumber(caller.tenant))
          : undefined;
      if (tenant === undefined || caller.kind !== "tenant") {
        throw new Problem("unauthorized", `This needs a key of a tenant that has the scope ${scope}.`);
      }
      return { tenant, key: caller.key };
    },
    limitRate,
    keyUses,
    sessions,
    anyone: asking({ scheme: "bearer", what: "any key" }, async (request, reply) => {
      await admit(request, reply);
    }),
    admin: asking({ scheme: "bearer", what: "an admin key" }, async (request, reply) => {
      checkAdmin(await admit(request, reply));
    }),
    metrics: asking({ scheme: "bearer", what: "the metrics key or an admin key" }, async (request, reply) => {
      if (!isMetricsKey(keyIn(request))) {
        checkAdmin(await admit(request, reply));
      }
    }),
    tenant: (...scopes) => {
      const what = `a key with the scope ${scopes.map((scope) => `\`${scope}\``).join(" or ")}`;
      return asking({ scheme: "bearer", what }, async (request, reply) => {
        checkScopes(await reach(request, reply), scopes);
      });
    },
    tenantKey: asking({ scheme: "bearer", what: "any key of the tenant" }, async (request, reply) => {
      if ((await reach(request, reply)).session === "portal") {
        throw new Problem("forbidden", "A session of the portal opens no other.");
      }
    }),
    tenantAdmin: asking({ scheme: "bearer", what: "an admin key" }, async (request, reply) => {
      checkAdmin(await reach(request, reply));
    }),
    async everyone(request) {
      request.tenant = await tenantIn(request);
      if (request.tenant === undefined) {
        throw notFound();
      }
    },
  };
}

/** Whether who asks may see what events say, and what receivers answered. */
export function maySeePayloads({ caller }: { readonly caller: Caller | undefined }): boolean {
  return caller !== undefined && hasScope(caller, "events:read");
}

/** Returns who asks, as a hook of `Access` has found. */
export function askerOf(request: { readonly caller: Caller | undefined }): Caller {
  if (request.caller === undefined) {
    throw new Error("a hook of access has put the caller into the request");
  }
  return request.caller;
}

/** Returns the tenant that a hook of `Access` let the request reach. */
export function tenantOf(request: { readonly tenant: Tenant | undefined }): Tenant {
  if (request.tenant === undefined) {
    throw new Error("a hook of access has put the tenant into the request");
  }
  return request.tenant;
}

/** Says that nothing is here, and nothing about what was asked for: to whom even that would say something. */
export function notFound(): Problem {
  return new Problem("not_found", "There is no such thing, or not for this key.");
}

/** Reads a parameter of the path. */
export function pathParameter(request: FastifyRequest, name: string): string {
  const parameters: unknown = request.params;
  const value: unknown =
    typeof parameters === "object" && parameters !== null ? Reflect.get(parameters, name) : undefined;
  return typeof value === "string" ? value : "";
}

function checkScopes(caller: Caller, scopes: readonly Scope[]): void {
  if (!scopes.some((scope) => hasScope(caller, scope))) {
    throw new Problem("forbidden", `This needs a key with the scope ${scopes.join(" or ")}.`);
  }
}

function checkAdmin(caller: Caller): void {
  if (caller.kind !== "admin") {
    throw new Problem("forbidden", "This needs an admin key.");
  }
}

function unauthorized(): Problem {
  return new Problem("unauthorized", "Send Authorization: Bearer and a key that is valid now.");
}
