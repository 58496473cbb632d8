import type { Delivery, Session } from "@posthorn/client/operations";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { Empty, Page } from "./parts/page.tsx";
import { basePath } from "./place.ts";
import { AttemptScreen } from "./screens/attempt.tsx";
import { type AuditFilters, AuditScreen, TenantAuditScreen } from "./screens/audit.tsx";
import { ContractsScreen } from "./screens/contracts.tsx";
import { DeadLettersScreen } from "./screens/dead-letters.tsx";
import { DeliveriesScreen } from "./screens/deliveries.tsx";
import { EndpointScreen } from "./screens/endpoint.tsx";
import { EndpointsScreen } from "./screens/endpoints.tsx";
import { EventScreen } from "./screens/event.tsx";
import { EventTypesScreen } from "./screens/event-types.tsx";
import { EventsScreen } from "./screens/events.tsx";
import { KeysScreen } from "./screens/keys.tsx";
import { NewEndpointScreen } from "./screens/new-endpoint.tsx";
import { OverviewScreen } from "./screens/overview.tsx";
import { PlaygroundScreen } from "./screens/playground.tsx";
import { ReplaysScreen } from "./screens/replays.tsx";
import { SystemScreen } from "./screens/system.tsx";
import { TenantsScreen } from "./screens/tenants.tsx";
import { TrafficScreen } from "./screens/traffic.tsx";
import { Shell } from "./shell.tsx";
import { type Range, rangeIn } from "./text/figures.ts";
import { DELIVERY_STATES } from "./text/states.ts";

const root = createRootRouteWithContext<{ readonly session: Session }>()({
  component: Shell,
  notFoundComponent: () => (
    <Page title="Nothing here">
      <Empty title="No screen has this address.">
        <Link to="/" className="link">
          To the first screen
        </Link>
      </Empty>
    </Page>
  ),
});

const first = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: ({ context: { session } }) => {
    if (session.tenant === null) {
      redirect({ to: "/tenants", throw: true });
    } else {
      const to = session.is_portal ? "/t/$tenant/endpoints" : "/t/$tenant/overview";
      redirect({ to, params: { tenant: session.tenant }, throw: true });
    }
  },
});

type Search = Readonly<Record<string, unknown>>;

const rangeSearch = (search: Search): { readonly range?: Range | undefined } => ({
  range: rangeIn(search["range"]),
});

const tenants = createRoute({ getParentRoute: () => root, path: "/tenants", component: TenantsScreen });

const tenant = createRoute({ getParentRoute: () => root, path: "/t/$tenant" });
const below = { getParentRoute: () => tenant } as const;

const overview = createRoute({
  ...below,
  path: "/overview",
  component: OverviewScreen,
  validateSearch: rangeSearch,
});
const endpoints = createRoute({ ...below, path: "/endpoints", component: EndpointsScreen });
const newEndpoint = createRoute({ ...below, path: "/endpoints/new", component: NewEndpointScreen });
const endpoint = createRoute({ ...below, path: "/endpoints/$endpoint", component: EndpointScreen });

const wordIn = (search: Search, name: string): string | undefined => {
  const value = search[name];
  return typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : undefined;
};

/** What is looked for among events: their own filters, as the API has them. */
export interface EventFilters {
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  readonly key?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const events = createRoute({
  ...below,
  path: "/events",
  component: EventsScreen,
  validateSearch: (search: Search): EventFilters => ({
    type: wordIn(search, "type"),
    subject: wordIn(search, "subject"),
    key: wordIn(search, "key"),
    since: wordIn(search, "since"),
    until: wordIn(search, "until"),
  }),
});

const stateIn = (search: Search): Delivery["state"] | undefined =>
  DELIVERY_STATES.find((state) => state === search["state"]);

const event = createRoute({
  ...below,
  path: "/events/$event",
  component: EventScreen,
  validateSearch: (search: Search): { readonly state?: Delivery["state"] | undefined } => ({
    state: stateIn(search),
  }),
});

const attempt = createRoute({ ...below, path: "/attempts/$attempt", component: AttemptScreen });

export interface DeliveryFilters {
  readonly state?: Delivery["state"] | undefined;
  readonly endpoint?: string | undefined;
  readonly type?: string | undefined;
}

const deliveries = createRoute({
  ...below,
  path: "/deliveries",
  component: DeliveriesScreen,
  validateSearch: (search: Search): DeliveryFilters => ({
    state: stateIn(search),
    endpoint: wordIn(search, "endpoint"),
    type: wordIn(search, "type"),
  }),
});

export interface DeadLetterFilters {
  readonly endpoint?: string | undefined;
  /** Of events accepted from the one time on, before the other. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const deadLetters = createRoute({
  ...below,
  path: "/dead-letters",
  component: DeadLettersScreen,
  validateSearch: (search: Search): DeadLetterFilters => ({
    endpoint: wordIn(search, "endpoint"),
    since: wordIn(search, "since"),
    until: wordIn(search, "until"),
  }),
});

const replays = createRoute({ ...below, path: "/replays", component: ReplaysScreen });

const playground = createRoute({
  ...below,
  path: "/playground",
  component: PlaygroundScreen,
  validateSearch: (search: Search): { readonly type?: string | undefined } => ({
    type: wordIn(search, "type"),
  }),
});

const eventTypes = createRoute({
  ...below,
  path: "/event-types",
  component: EventTypesScreen,
  validateSearch: (search: Search): { readonly type?: string; readonly contract?: string } => {
    const [type, contract] = [wordIn(search, "type"), wordIn(search, "contract")];
    return { ...(type === undefined ? {} : { type }), ...(contract === undefined ? {} : { contract }) };
  },
});

/** What every contract is to say: an event, or a sample of a type. */
interface ContractChoice {
  readonly event?: string | undefined;
  readonly type?: string | undefined;
  readonly show?: "sample" | undefined;
}

const contracts = createRoute({
  ...below,
  path: "/contracts",
  component: ContractsScreen,
  validateSearch: (search: Search): ContractChoice => ({
    event: wordIn(search, "event"),
    type: wordIn(search, "type"),
    show: search["show"] === "sample" ? "sample" : undefined,
  }),
});

// What verifies has all contracts with it: whoever looks for it loads it.
const verify = createRoute({
  ...below,
  path: "/verify",
  component: lazyRouteComponent(async () => await import("./screens/verify.tsx"), "VerifyScreen"),
});

const keys = createRoute({ ...below, path: "/keys", component: KeysScreen });

const auditSearch = (search: Search): AuditFilters => ({
  action: wordIn(search, "action"),
  by: wordIn(search, "by"),
  since: wordIn(search, "since"),
  until: wordIn(search, "until"),
});

const tenantAudit = createRoute({
  ...below,
  path: "/audit",
  component: TenantAuditScreen,
  validateSearch: auditSearch,
});

const traffic = createRoute({
  getParentRoute: () => root,
  path: "/traffic",
  component: TrafficScreen,
  validateSearch: rangeSearch,
});

const system = createRoute({ getParentRoute: () => root, path: "/system", component: SystemScreen });

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: AuditScreen,
  validateSearch: auditSearch,
});

export const router = createRouter({
  routeTree: root.addChildren([
    first,
    tenants,
    traffic,
    audit,
    system,
    tenant.addChildren([
      overview,
      endpoints,
      newEndpoint,
      endpoint,
      events,
      event,
      attempt,
      deliveries,
      deadLetters,
      replays,
      playground,
      contracts,
      eventTypes,
      verify,
      keys,
      tenantAudit,
    ]),
  ]),
  basepath: basePath,
  scrollRestoration: true,
  context: {
    session: { kind: "tenant", is_portal: false, tenant: null, scopes: [], expires_at: null },
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
