import type { Clock } from "../../clock.ts";
import { currentVersion, type Endpoint } from "../../model/endpoint.ts";
import { NO_RETENTION, retentionAfter } from "../../model/retention.ts";
import { rotated } from "../../model/secret.ts";
import type { ApiKey, Tenant } from "../../model/tenant.ts";
import type { EndpointDraft, Registry } from "../../registry.ts";
import { firstSecrets } from "../first-secrets.ts";
import { entersState, isAsSeen } from "../version.ts";
import { createAudit } from "./audit.ts";
import { addErasure } from "./erasure.ts";
import { createEventTypes } from "./event-types.ts";
import { raise } from "./log.ts";
import { createReplays } from "./replays.ts";
import { createSecrets } from "./secrets.ts";
import { changeEndpoint, type State, takeChangePlace } from "./state.ts";

/** Configuration over a state in memory. */
export function createRegistry(state: State, clock: Clock): Registry {
  return {
    idKey: state.idKey,
    ...createEventTypes(state),
    ...createReplays(state),
    ...createSecrets(state),
    ...createAudit(state),

    async createTenant(draft) {
      if (state.tenants.some(({ tenant }) => tenant.id === draft.id)) {
        return undefined;
      }
      const tenant = {
        ...draft,
        name: draft.name.toWellFormed(),
        number: state.tenants.length + 1,
        validation: draft.validation ?? "off",
        retention: draft.retention ?? NO_RETENTION,
        eventTypesRevision: 0,
      };
      state.tenants.push({ tenant, isDeleted: false });
      return tenant;
    },
    async updateTenant(number, { name, contract, validation, retention }) {
      const known = tenantByNumber(state, number);
      if (known === undefined) {
        return undefined;
      }
      const tenant = {
        ...known,
        name: name?.toWellFormed() ?? known.name,
        contract: contract ?? known.contract,
        validation: validation ?? known.validation,
        retention: retentionAfter(known.retention, retention ?? {}),
      };
      state.tenants[number - 1] = { tenant, isDeleted: false };
      return tenant;
    },
    async deleteTenant(number, now) {
      const tenant = tenantByNumber(state, number);
      if (tenant === undefined) {
        return;
      }
      state.tenants[number - 1] = { tenant, isDeleted: true };
      state.apiKeys = state.apiKeys.filter((key) => key.tenant !== number);
      for (const endpoint of liveEndpoints(state, number)) {
        changeEndpoint(state, endpoint, { state: "deleted", reason: undefined, now, clockNow: clock.now() });
      }
      addErasure(state, { tenant: number, subject: undefined, from: 0, to: state.head });
    },
    async requestErasure({ tenant, what }) {
      const range =
        "offset" in what
          ? { subject: undefined, from: what.offset, to: what.offset }
          : { subject: what.subject, from: 0, to: state.head };
      addErasure(state, { tenant, ...range });
    },
    async findTenant(id) {
      return state.tenants.find(({ tenant, isDeleted }) => tenant.id === id && !isDeleted)?.tenant;
    },
    async tenantByNumber(number) {
      return tenantByNumber(state, number);
    },
    async listTenants({ before, limit }) {
      return pageOf(
        state.tenants.filter(({ isDeleted }) => !isDeleted).map(({ tenant }) => tenant),
        before,
        limit,
      );
    },

    async createKey(key) {
      if (key.tenant !== undefined && tenantByNumber(state, key.tenant) === undefined) {
        return false;
      }
      if (state.apiKeys.some(({ id, hash }) => id === key.id || Buffer.compare(hash, key.hash) === 0)) {
        throw new Error(`the id and the hash of an API key are new, got ${key.id} again`);
      }
      if (key.ratePerSecond !== undefined && key.ratePerSecond < 1) {
        throw new Error(`a key may make a request a second or more, got ${key.ratePerSecond}`);
      }
      state.apiKeys.push({ ...key, name: key.name.toWellFormed() });
      return true;
    },
    async findKey(hash) {
      return state.apiKeys.find((key) => Buffer.compare(key.hash, hash) === 0);
    },
    async listKeys(tenant) {
      return state.apiKeys.filter((key) => key.tenant === tenant).reverse();
    },
    revokeKey: async (tenant, id) => removeKey(state, tenant, id),
    deleteKey: async (tenant, id) => removeKey(state, tenant, id),
    async noteKeyUses(uses) {
      for (const { id, at } of uses) {
        state.apiKeys = state.apiKeys.map((key) =>
          key.id === id ? { ...key, lastUsedAt: Math.max(at, key.lastUsedAt ?? at) } : key,
        );
      }
    },

    async createEndpoint(draft) {
      const { tenant, endpointsMax = Infinity } = draft;
      const isFree = tenantByNumber(state, tenant) && liveEndpoints(state, tenant).length < endpointsMax;
      return isFree === true ? createEndpoint(state, clock.now(), draft) : undefined;
    },
    async updateEndpoint({ tenant, endpoint: number, seen, ...change }) {
      const endpoint = liveEndpoints(state, tenant).find(
        (known) => known.number === number && isAsSeen(known, seen),
      );
      const changed = endpoint && changeEndpoint(state, endpoint, { ...change, clockNow: clock.now() });
      if (endpoint !== undefined && entersState(endpoint, change)) {
        raise(state, clock, change.raises);
      }
      return changed;
    },
    async rotateSecret({ tenant, endpoint: number, ...rotation }) {
      const endpoint = liveEndpoints(state, tenant).find((known) => known.number === number);
      const secrets = endpoint && rotated(endpoint.secrets, rotation);
      if (endpoint === undefined || secrets === undefined) {
        return endpoint && "too_many_secrets";
      }
      return changeEndpoint(state, endpoint, { secrets, now: rotation.now, clockNow: clock.now() });
    },
    async findEndpoint(tenant, number) {
      return liveEndpoints(state, tenant).find((endpoint) => endpoint.number === number);
    },
    async listEndpoints({ tenant, before, limit }) {
      return pageOf(liveEndpoints(state, tenant), before, limit);
    },
  };
}

function createEndpoint(state: State, clockNow: number, draft: EndpointDraft): Endpoint {
  const { tenant, contract, config, state: current, eventTypes, now } = draft;
  const number = state.endpoints.length + 1;
  const secrets = firstSecrets(draft, number);
  const version = { ...takeChangePlace(state, clockNow), state: current, reason: undefined, eventTypes };
  const endpoint = {
    number,
    tenant,
    contract,
    config,
    secrets,
    versions: [version],
    createdAt: now,
    updatedAt: now,
  };
  state.endpoints.push(endpoint);
  return endpoint;
}

function removeKey(state: State, tenant: number | undefined, id: string): boolean {
  const isMeant = (key: ApiKey) => key.id === id && key.tenant === tenant;
  const isKnown = state.apiKeys.some(isMeant);
  state.apiKeys = state.apiKeys.filter((key) => !isMeant(key));
  return isKnown;
}

function tenantByNumber(state: State, number: number): Tenant | undefined {
  const row = state.tenants[number - 1];
  return row === undefined || row.isDeleted ? undefined : row.tenant;
}

function liveEndpoints(state: State, tenant: number): readonly Endpoint[] {
  return state.endpoints.filter(
    (endpoint) => endpoint.tenant === tenant && currentVersion(endpoint).state !== "deleted",
  );
}

function pageOf<Row extends { readonly number: number }>(
  rows: readonly Row[],
  before: number | undefined,
  limit: number,
): readonly Row[] {
  return rows
    .filter(({ number }) => before === undefined || number < before)
    .reverse()
    .slice(0, limit);
}
