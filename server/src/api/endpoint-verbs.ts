/** What can be done to an endpoint, for our own API and for the faces of others. */
import type { Contract } from "@posthorn/contracts/contract";
import { currentVersion, ENDPOINTS_MAX, type Endpoint, type EndpointState } from "../model/endpoint.ts";
import type { Tenant } from "../model/tenant.ts";
import type { Concerned } from "../operational-events.ts";
import { Problem } from "../problem.ts";
import type { EndpointChange } from "../registry.ts";
import { configOf, type EndpointChangeRequest, type NewEndpoint } from "./endpoint-body.ts";
import { checkEndpoint } from "./endpoint-checks.ts";
import { noSuch, noSuchTenant } from "./no-such.ts";
import type { ApiPorts } from "./ports.ts";
import { openSecrets, secretDraft } from "./secret-draft.ts";

export type Switch = "enable" | "disable" | "pause" | "resume";

/** Creates an endpoint. Returns its secret in clear, this once; undefined where the contract wants none. */
export async function createEndpoint(
  ports: ApiPorts,
  tenant: Tenant,
  body: NewEndpoint,
): Promise<{ readonly endpoint: Endpoint; readonly secret: string | undefined }> {
  const { registry, engine, random, clock, endpointsMax = ENDPOINTS_MAX } = ports;
  const contract = contractOf(ports, body.contract ?? tenant.contract ?? ports.defaultContract);
  const config = configOf(body);
  const eventTypes = typesOf(body.event_types);
  const given = body.secret ?? undefined;
  checkEndpoint({ contract, config, secret: given, eventTypes }, ports.urlProblem);
  const secret = given ?? contract.makeSecret((count) => random.bytes(count), config.settings);
  const endpoint = await registry.createEndpoint({
    tenant: tenant.number,
    contract: contract.name,
    config,
    state: body.enabled === false ? "disabled" : "enabled",
    eventTypes,
    secret: secret === undefined ? undefined : secretDraft(ports, { tenant, contract, secret }),
    now: clock.now(),
    endpointsMax,
  });
  if (endpoint === undefined) {
    const isThere = (await registry.tenantByNumber(tenant.number)) !== undefined;
    throw isThere ? tooMany(endpointsMax) : noSuchTenant(tenant.id);
  }
  engine.noteChanges(tenant.shard);
  return { endpoint, secret };
}

function tooMany(endpointsMax: number): Problem {
  const detail = `A tenant has at most ${endpointsMax} endpoints; deleted ones do not count.`;
  return new Problem("too_many_endpoints", detail);
}

export interface EndpointToChange {
  readonly endpoint: Endpoint;
  readonly body: EndpointChangeRequest;
}

/** Changes an endpoint: what is absent stays, what is null goes back to the default. */
export async function changeEndpoint(
  ports: ApiPorts,
  tenant: Tenant,
  { endpoint, body }: EndpointToChange,
): Promise<Endpoint> {
  const changeOf = (known: Endpoint) => changeAsked(ports, tenant, { endpoint: known, body });
  return await decide(ports, tenant, { endpoint, changeOf });
}

function changeAsked(ports: ApiPorts, tenant: Tenant, { endpoint, body }: EndpointToChange): Change {
  const contract = contractOf(ports, endpoint.contract);
  if (body.contract !== undefined && body.contract !== endpoint.contract) {
    throw wrongMember(
      "/contract",
      `cannot change: it is ${endpoint.contract} for good; another contract is another endpoint`,
    );
  }
  const config = configOf(body, endpoint.config);
  const eventTypes = typesOf(body.event_types);
  const keptSecrets = body.settings === undefined ? [] : openSecrets(ports, endpoint);
  checkEndpoint({ contract, config, secret: undefined, keptSecrets, eventTypes }, ports.urlProblem);
  checkSecretIsThere(contract, endpoint, config.settings);
  const { state } = currentVersion(endpoint);
  return {
    config,
    ...(body.enabled === false && state !== "disabled"
      ? byRequest(ports, { tenant, endpoint }, "disabled")
      : {}),
    ...(body.enabled === true && state === "disabled"
      ? byRequest(ports, { tenant, endpoint }, "enabled")
      : {}),
    ...(body.event_types === undefined ? {} : { eventTypes: eventTypes ?? "all" }),
  };
}

export interface SwitchAsked {
  readonly endpoint: Endpoint;
  readonly to: (state: EndpointState) => EndpointState;
  /** Whether it is stored also where it changes no state: whatever is stored of an endpoint ends its hold. */
  readonly endsHold?: boolean;
}

/** Puts an endpoint into the state that `to` says, unless it is in it. */
export async function switchEndpoint(
  ports: ApiPorts,
  tenant: Tenant,
  { endpoint, to, endsHold = false }: SwitchAsked,
): Promise<Endpoint> {
  const changeOf = (known: Endpoint): Change | undefined => {
    const { state } = currentVersion(known);
    const next = to(state);
    return next === state && !endsHold ? undefined : byRequest(ports, { tenant, endpoint: known }, next);
  };
  return await decide(ports, tenant, { endpoint, changeOf });
}

type Change = Omit<EndpointChange, "tenant" | "endpoint" | "seen" | "now">;

interface Decision {
  readonly endpoint: Endpoint;
  /** Says what changes of an endpoint as it is; undefined: nothing. */
  readonly changeOf: (endpoint: Endpoint) => Change | undefined;
}

/** Changes an endpoint by what it is: where another change came between, it is decided anew. */
async function decide(
  { registry, engine, clock, ids }: ApiPorts,
  tenant: Tenant,
  { endpoint, changeOf }: Decision,
): Promise<Endpoint> {
  const place = { tenant: tenant.number, endpoint: endpoint.number };
  let known: Endpoint | undefined = endpoint;
  while (known !== undefined) {
    const change = changeOf(known);
    if (change === undefined) {
      return known;
    }
    const seen = currentVersion(known).change;
    const changed = await registry.updateEndpoint({ ...place, ...change, seen, now: clock.now() });
    if (changed !== undefined) {
      engine.noteChanges(tenant.shard);
      return changed;
    }
    known = await registry.findEndpoint(place.tenant, place.endpoint);
  }
  throw noSuch("endpoint", ids.endpoint(endpoint.number), tenant);
}

function byRequest({ operational }: ApiPorts, concerned: Concerned, state: EndpointState): Change {
  const reason = "by_request";
  switch (state) {
    case "enabled":
      return { state, reason: undefined };
    case "disabled": {
      const raises = operational.endpointDisabled(concerned, { reason, failingSince: undefined });
      return { state, reason, raises };
    }
    case "paused":
    case "deleted":
      return { state, reason };
  }
}

function typesOf(asked: readonly string[] | null | undefined): readonly string[] | undefined {
  return asked === null || asked === undefined ? undefined : [...new Set(asked)];
}

export function contractOf({ contracts }: ApiPorts, name: string): Contract {
  const contract = contracts.get(name);
  if (contract === undefined) {
    throw wrongMember("/contract", `must be one of ${[...contracts.keys()].join(", ")}`);
  }
  return contract;
}

/** Settings that want a secret cannot be given to an endpoint that was made without one. */
function checkSecretIsThere(
  contract: Contract,
  endpoint: Endpoint,
  settings: Endpoint["config"]["settings"],
): void {
  const wantsSecret = contract.makeSecret((count) => new Uint8Array(count), settings) !== undefined;
  if (wantsSecret && endpoint.secrets.length === 0) {
    throw wrongMember("/settings", "ask for a secret, and this endpoint was created without one");
  }
}

export function wrongMember(pointer: string, detail: string): Problem {
  return new Problem("invalid_request", "Members of the endpoint are not as they must be.", [
    { pointer, detail },
  ]);
}
