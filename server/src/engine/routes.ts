import type {
  BatchLimits,
  Contract,
  ContractEndpoint,
  HoldBackOff,
  RetrySchedule,
} from "@posthorn/contracts/contract";
import { ContractFault } from "../checked-contract.ts";
import { abandonedUpTo, currentVersion, type Endpoint, type EndpointState } from "../model/endpoint.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Ids } from "../model/ids.ts";
import type { Offset } from "../model/offset.ts";
import type { Tenant } from "../model/tenant.ts";
import type { Store, TenantRoutes } from "../store.ts";
import { wasOwed } from "./owed.ts";
import { paceOf } from "./pace.ts";

/** An endpoint with all that sending to it takes. Replaced, never changed. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly tenant: Tenant;
  readonly contract: Contract;
  readonly state: EndpointState;
  /** Up to here nothing is owed, because the endpoint was disabled or deleted since. */
  readonly abandonedTo: Offset;
  /** What the contract sees, but for the secrets: which of them are live is judged at every attempt. */
  readonly view: Omit<ContractEndpoint, "secrets">;
  /** Newest first. */
  readonly secrets: readonly OpenedSecret[];
  readonly policy: Policy;
  /** Why nothing can be sent although the endpoint is enabled; undefined if it can. */
  readonly fault: string | undefined;
}

export interface OpenedSecret {
  readonly text: string;
  readonly expiresAt: number | undefined;
}

export interface Policy {
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly retry: RetrySchedule;
  readonly hold: HoldBackOff;
  /** How long every request may fail before the endpoint is disabled; undefined: for ever. */
  readonly disableAfterMs: number | undefined;
  /** Only `batched` contracts have it. */
  readonly batch: BatchLimits | undefined;
  /** Milliseconds in which one request's worth of the rate comes; 0: no limit on the rate. */
  readonly paceMs: number;
}

export interface RoutePorts {
  readonly store: Store;
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly ids: Ids;
  /** Opens a sealed secret. Throws where it cannot be opened. */
  readonly unseal: (sealed: Uint8Array, endpoint: Endpoint) => string;
}

/** The endpoints of the tenants that have traffic, by tenant; loaded when asked for, bounded in number. */
export interface Routes {
  /** Which endpoints an event is owed to; undefined if the tenant's are not loaded. */
  match(event: StoredEvent): readonly Route[] | undefined;
  load(tenant: number): Promise<void>;
  /** The tenant of that number, if its routes are loaded. */
  tenant(number: number): Tenant | undefined;
  /**
   * Finds the route of one endpoint, loading its tenant's where needed; undefined if there is no such
   * endpoint.
   */
  find(endpoint: number): Promise<Route | undefined>;
  /** The same route as it is now: a change may come between finding it and using it. */
  latest(route: Route): Route;
  /**
   * Takes over a changed endpoint, for a lane of this tenant or for whatever is loaded; undefined if
   * neither is there.
   */
  update(endpoint: Endpoint, tenant: Tenant | undefined): Route | undefined;
}

interface TenantTable {
  readonly tenant: Tenant;
  readonly routes: Map<number, Route>;
  /** For events at or after `since`: which routes want a type. */
  readonly byType: Map<string, readonly Route[]>;
  since: Offset;
}

/** The fault of a route whose contract this installation does not have. */
export const CONTRACT_UNKNOWN = "contract_unknown";

const URL_UNREADABLE = "url_unreadable";

// A tenant may send any number of types; beyond this many the answers are found anew.
const TYPES_REMEMBERED_MAX = 1000;

/**
 * Says whether an endpoint is owed an event: by the version in force at its offset, and not abandoned
 * since.
 */
export function isOwed(route: Route, event: StoredEvent): boolean {
  return event.offset > route.abandonedTo && wasOwed(route, event);
}

export function createRoutes(ports: RoutePorts, routesMax: number, changes: () => number): Routes {
  // The first is the one loaded longest ago.
  const tables = new Map<number, TenantTable>();
  let routeCount = 0;
  let updates = 0;

  function keep({ tenant, endpoints }: TenantRoutes): void {
    const known = tables.get(tenant.number);
    routeCount -= known?.routes.size ?? 0;
    tables.delete(tenant.number);
    const table: TenantTable = { tenant, routes: new Map(), byType: new Map(), since: 0 };
    for (const endpoint of endpoints) {
      put(table, endpoint);
    }
    tables.set(tenant.number, table);
    routeCount += table.routes.size;
    for (const [oldest, { routes }] of tables) {
      if (routeCount <= routesMax || oldest === tenant.number) {
        return;
      }
      tables.delete(oldest);
      routeCount -= routes.size;
    }
  }

  function put(table: TenantTable, endpoint: Endpoint): Route {
    const route = routeOf(endpoint, table.tenant, { ...ports, changes });
    table.routes.set(endpoint.number, route);
    table.since = Math.max(table.since, currentVersion(endpoint).since);
    table.byType.clear();
    return route;
  }

  function matchNow(table: TenantTable, event: StoredEvent): readonly Route[] {
    const known = table.byType.get(event.type);
    if (known !== undefined) {
      return known;
    }
    const owed = [...table.routes.values()].filter((route) => isOwed(route, event));
    if (table.byType.size >= TYPES_REMEMBERED_MAX) {
      table.byType.clear();
    }
    table.byType.set(event.type, owed);
    return owed;
  }

  return {
    match(event) {
      const table = tables.get(event.tenant);
      if (table === undefined) {
        return undefined;
      }
      // Every version is older than the event, and it goes by its type: the answer is the same for all of
      // that type.
      if (event.offset > table.since && event.to === undefined) {
        return matchNow(table, event);
      }
      return [...table.routes.values()].filter((route) => isOwed(route, event));
    },
    async load(tenant) {
      for (;;) {
        const before = updates;
        const found = await ports.store.readRoutes(tenant);
        // What was read while a change came may be older than the change: it is read again.
        if (before === updates) {
          if (found !== undefined) {
            keep(found);
          }
          return;
        }
      }
    },
    tenant: (number) => tables.get(number)?.tenant,
    async find(number) {
      const endpoint = await ports.store.readEndpoint(number);
      if (endpoint === undefined) {
        return undefined;
      }
      if (tables.get(endpoint.tenant) === undefined) {
        await this.load(endpoint.tenant);
      }
      return tables.get(endpoint.tenant)?.routes.get(number);
    },
    latest: (route) => tables.get(route.tenant.number)?.routes.get(route.endpoint.number) ?? route,
    update(endpoint, tenant) {
      updates += 1;
      const table = tables.get(endpoint.tenant);
      if (table === undefined) {
        return tenant === undefined ? undefined : routeOf(endpoint, tenant, { ...ports, changes });
      }
      routeCount += table.routes.has(endpoint.number) ? 0 : 1;
      return put(table, endpoint);
    },
  };
}

function routeOf(
  endpoint: Endpoint,
  tenant: Tenant,
  { contracts, ids, unseal, changes }: RoutePorts & { readonly changes: () => number },
): Route {
  const contract = contracts.get(endpoint.contract) ?? unknownContract(endpoint.contract);
  const { batch, fault: batchFault } = batchOf(endpoint, contract);
  const contractFault = contracts.has(endpoint.contract) ? undefined : CONTRACT_UNKNOWN;
  const settingsFault = endpoint.fault ?? contractFault ?? urlFaultOf(endpoint);
  let opened: OpenedSecrets | undefined;
  const open = (): OpenedSecrets => {
    opened ??= openSecrets(endpoint, unseal);
    return opened;
  };
  const versions = endpoint.versions.filter(({ change }) => change <= changes());
  return {
    endpoint,
    tenant,
    contract,
    state: currentVersion(endpoint).state,
    abandonedTo: abandonedUpTo({ ...endpoint, versions }),
    view: {
      id: ids.endpoint(endpoint.number),
      tenantId: tenant.id,
      url: endpoint.config.url,
      settings: endpoint.config.settings,
    },
    // A tenant may have ten thousand endpoints, and few with traffic: the others' secrets stay sealed.
    get secrets() {
      return open().secrets;
    },
    policy: { ...policyOf(endpoint, contract), batch },
    get fault() {
      return settingsFault ?? open().fault ?? batchFault;
    },
  };
}

/** What is no URL was one when it was saved. */
function urlFaultOf({ config }: Endpoint): string | undefined {
  return URL.canParse(config.url) ? undefined : URL_UNREADABLE;
}

interface OpenedSecrets {
  readonly secrets: readonly OpenedSecret[];
  readonly fault: string | undefined;
}

function openSecrets(endpoint: Endpoint, unseal: RoutePorts["unseal"]): OpenedSecrets {
  try {
    const secrets = endpoint.secrets.map(({ sealed, expiresAt }) => ({
      text: unseal(sealed, endpoint),
      expiresAt,
    }));
    return { secrets, fault: undefined };
  } catch {
    return { secrets: [], fault: "secret_unreadable" };
  }
}

/** A contract that cannot say its limits stops the lanes that need them, and no other. */
function batchOf(
  { config }: Endpoint,
  contract: Contract,
): { batch: BatchLimits | undefined; fault: string | undefined } {
  try {
    return { batch: contract.batchLimits?.(config.settings), fault: undefined };
  } catch (error) {
    return {
      batch: undefined,
      fault: error instanceof ContractFault ? error.code : "batch_limits_unreadable",
    };
  }
}

function policyOf({ config }: Endpoint, contract: Contract): Omit<Policy, "batch"> {
  const { defaults } = contract;
  return {
    timeoutMs: config.timeoutMs ?? defaults.timeoutMs,
    maxInFlight: contract.discipline === "each" ? (config.maxInFlight ?? defaults.maxInFlight) : 1,
    retry: config.retry ?? defaults.retry,
    hold: defaults.hold,
    disableAfterMs: defaults.disableAfterMs,
    paceMs: paceOf(config.ratePerSecond),
  };
}

/** Stands in for a contract this installation does not have: the lane is kept and nothing is sent. */
function unknownContract(name: string): Contract {
  return {
    name,
    discipline: "each",
    catalogue: { kind: "open", eventTypes: [] },
    defaults: {
      timeoutMs: 1,
      maxInFlight: 1,
      retry: { delaysMs: [], jitter: 0 },
      hold: { firstMs: 1, maxMs: 1, jitter: 0 },
    },
    request: () => ({ kind: "unrenderable", reason: CONTRACT_UNKNOWN }),
    verdict: () => ({ kind: "retry", reason: CONTRACT_UNKNOWN }),
    makeSecret: () => undefined,
    checkEndpoint: () => [],
  };
}
