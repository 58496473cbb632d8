import type { Contract } from "@posthorn/contracts/contract";
import { currentVersion, type Endpoint } from "../../../model/endpoint.ts";
import { matchesGlob } from "../../../model/subscription.ts";
import type { Tenant } from "../../../model/tenant.ts";
import { Problem, type WrongMember } from "../../../problem.ts";
import { notFound, pathParameter, tenantOf } from "../../access.ts";
import { warnOfDeprecated } from "../../deprecation-warning.ts";
import { changeEndpoint, createEndpoint, switchEndpoint } from "../../endpoint-verbs.ts";
import type { Api, ApiPorts } from "../../ports.ts";
import { timestampOf } from "../../timestamp.ts";

/** What BSPK's reference shows; `id` is the endpoint's number. */
interface WebhookEndpoint {
  readonly id: number;
  readonly target_url: string;
  readonly events: readonly string[];
  readonly is_enabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

interface Asked {
  readonly targetUrl: string | undefined;
  readonly events: readonly string[] | undefined;
  readonly isEnabled: boolean | undefined;
}

// BSPK's list has no pages; this is the most that ours answers.
const LISTED_MAX = 1000;
const PAGE = 100;
const ENDPOINT_ID = /^[1-9]\d{0,14}$/;

/** `/webhook_endpoints` below the face's prefix. */
export function addWebhookEndpointRoutes(app: Api, ports: ApiPorts, contract: Contract): void {
  const names = contract.catalogue.eventTypes.map(({ name }) => name);
  const view = (endpoint: Endpoint) => viewOf(endpoint, names);

  app.post("/webhook_endpoints", async (request, reply) => {
    const asked = readAsked(request.body, names);
    const { targetUrl, events, isEnabled } = asked;
    if (targetUrl === undefined || events === undefined) {
      throw wrongMembers(missing(asked));
    }
    const { endpoint, secret } = await createEndpoint(ports, tenantOf(request), {
      url: targetUrl,
      contract: contract.name,
      event_types: [...events],
      // The reference requires it and says that it defaults to true.
      enabled: isEnabled ?? true,
    }).catch(renamed);
    warnOfDeprecated(reply, contract.catalogue, events);
    return reply.code(201).send({ ...view(endpoint), secret });
  });

  app.get("/webhook_endpoints", async (request) => {
    const endpoints = await listEndpoints(ports, tenantOf(request), contract.name);
    return endpoints.map(view);
  });

  app.get("/webhook_endpoints/:id", async (request) =>
    view(await findEndpoint(ports, tenantOf(request), { id: pathParameter(request, "id"), contract })),
  );

  app.patch("/webhook_endpoints/:id", async (request, reply) => {
    const tenant = tenantOf(request);
    const endpoint = await findEndpoint(ports, tenant, { id: pathParameter(request, "id"), contract });
    const { targetUrl, events, isEnabled } = readAsked(request.body, names);
    const body = {
      ...(targetUrl === undefined ? {} : { url: targetUrl }),
      ...(events === undefined ? {} : { event_types: [...events] }),
      // Absent is unchanged here: the documented default of true would enable what was disabled.
      ...(isEnabled === undefined ? {} : { enabled: isEnabled }),
    };
    const changed = await changeEndpoint(ports, tenant, { endpoint, body }).catch(renamed);
    warnOfDeprecated(reply, contract.catalogue, events);
    return view(changed);
  });

  app.delete("/webhook_endpoints/:id", async (request, reply) => {
    const tenant = tenantOf(request);
    const endpoint = await findEndpoint(ports, tenant, { id: pathParameter(request, "id"), contract });
    await switchEndpoint(ports, tenant, { endpoint, to: () => "deleted" });
    return reply.code(204).send();
  });
}

function viewOf(endpoint: Endpoint, names: readonly string[]): WebhookEndpoint {
  const { state, eventTypes } = currentVersion(endpoint);
  return {
    id: endpoint.number,
    target_url: endpoint.config.url,
    events: eventsOf(eventTypes, names),
    is_enabled: state === "enabled" || state === "paused",
    created_at: timestampOf(endpoint.createdAt),
    updated_at: timestampOf(endpoint.updatedAt),
  };
}

/**
 * The names as they were given. Our own API takes globs, and no list for all types: here they are the names
 * they stand for.
 */
function eventsOf(eventTypes: readonly string[] | undefined, names: readonly string[]): readonly string[] {
  const meant = eventTypes?.flatMap((pattern) => names.filter((name) => matchesGlob(pattern, name)));
  return meant === undefined ? names : [...new Set(meant)];
}

async function listEndpoints(
  { registry }: ApiPorts,
  tenant: Tenant,
  contract: string,
): Promise<readonly Endpoint[]> {
  const found: Endpoint[] = [];
  let before: number | undefined;
  do {
    const page = await registry.listEndpoints({ tenant: tenant.number, before, limit: PAGE });
    found.push(...page.filter((endpoint) => endpoint.contract === contract));
    before = page.length < PAGE ? undefined : page.at(-1)?.number;
  } while (before !== undefined && found.length < LISTED_MAX);
  return found.slice(0, LISTED_MAX);
}

async function findEndpoint(
  { registry }: ApiPorts,
  tenant: Tenant,
  { id, contract }: { readonly id: string; readonly contract: Contract },
): Promise<Endpoint> {
  const endpoint = ENDPOINT_ID.test(id) ? await registry.findEndpoint(tenant.number, Number(id)) : undefined;
  if (endpoint === undefined || endpoint.contract !== contract.name) {
    throw notFound();
  }
  return endpoint;
}

/** Checks the documented members; others are ignored, as new ones may appear on both sides at any time. */
function readAsked(body: unknown, names: readonly string[]): Asked {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw wrongMembers([{ pointer: "", detail: "must be an object" }]);
  }
  const {
    target_url: targetUrl,
    events,
    is_enabled: isEnabled,
  }: Readonly<Record<string, unknown>> = { ...body };
  const wrong: WrongMember[] = [];
  if (targetUrl !== undefined && typeof targetUrl !== "string") {
    wrong.push({ pointer: "/target_url", detail: "must be a text" });
  }
  if (isEnabled !== undefined && typeof isEnabled !== "boolean") {
    wrong.push({ pointer: "/is_enabled", detail: "must be true or false" });
  }
  if (events !== undefined) {
    wrong.push(...wrongEvents(events, names));
  }
  if (wrong.length > 0) {
    throw wrongMembers(wrong);
  }
  return {
    targetUrl: typeof targetUrl === "string" ? targetUrl : undefined,
    events: Array.isArray(events) ? events.map(String) : undefined,
    isEnabled: typeof isEnabled === "boolean" ? isEnabled : undefined,
  };
}

function wrongEvents(events: unknown, names: readonly string[]): readonly WrongMember[] {
  if (!Array.isArray(events) || events.length > EVENTS_MAX) {
    return [{ pointer: "/events", detail: `must be a list of at most ${EVENTS_MAX} names of events` }];
  }
  return events.flatMap((name: unknown, index) => {
    if (typeof name === "string" && names.includes(name)) {
      return [];
    }
    const given = typeof name === "string" ? JSON.stringify(name.slice(0, 64).toWellFormed()) : typeof name;
    return [{ pointer: `/events/${index}`, detail: `is ${given}, which is none of ${names.join(", ")}` }];
  });
}

const EVENTS_MAX = 100;

function missing({ targetUrl, events }: Asked): readonly WrongMember[] {
  return [
    ...(targetUrl === undefined ? [{ pointer: "/target_url", detail: "is missing" }] : []),
    ...(events === undefined ? [{ pointer: "/events", detail: "is missing" }] : []),
  ];
}

/** Gives the members of our own API the names that this caller knows. */
function renamed(error: unknown): never {
  if (error instanceof Problem) {
    const wrong = error.errors.map(({ pointer, detail }) => ({
      pointer: pointer === "/url" ? "/target_url" : pointer.replace(/^\/event_types/, "/events"),
      detail,
    }));
    throw new Problem(error.code, error.detail, wrong);
  }
  throw error;
}

function wrongMembers(wrong: readonly WrongMember[]): Problem {
  return new Problem("invalid_request", "The webhook endpoint is not as it must be.", wrong);
}
