/** What can be done to the event types of a tenant. */
import { EVENT_TYPES_MAX, type EventType, type EventTypeConfig } from "../../model/event-type.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem } from "../../problem.ts";
import { noSuchTenant, noSuchType } from "../no-such.ts";
import type { ApiPorts } from "../ports.ts";
import { configOf, type EventTypeRequest, NOTHING_SET } from "./body.ts";
import { checkEventType } from "./checks.ts";
import { findKnownType, type KnownType } from "./known-type.ts";

export interface NamedRequest {
  readonly name: string;
  readonly body: EventTypeRequest;
}

/** Registers an event type. To one of the contract's catalogue, it adds what the tenant has to say of it. */
export async function registerEventType(
  ports: ApiPorts,
  tenant: Tenant,
  { name, body }: NamedRequest,
): Promise<KnownType> {
  const known = await findKnownType(ports, tenant, name);
  const config = configOf(body, NOTHING_SET);
  checkEventType({ name, config, described: known?.described });
  const registered = await put(ports, tenant, { name, seen: 0, config });
  if (registered === undefined) {
    await checkIsThere(ports, tenant);
    throw new Problem("event_type_exists", "Change it with PATCH, or take it away with DELETE.");
  }
  return { name, registered, described: known?.described };
}

/** Changes an event type: what is absent stays, what is null goes back to the default. */
export async function changeEventType(
  ports: ApiPorts,
  tenant: Tenant,
  { name, body }: NamedRequest,
): Promise<KnownType> {
  for (;;) {
    const known = await findKnownType(ports, tenant, name);
    if (known === undefined) {
      throw noSuchType(name, tenant);
    }
    const config = configOf(body, known.registered ?? NOTHING_SET);
    checkEventType({ name, config, described: known.described });
    const seen = known.registered?.revision ?? 0;
    const registered = await put(ports, tenant, { name, seen, config });
    if (registered !== undefined) {
      return { ...known, registered };
    }
    // Another change came between, and this one is decided anew; or the tenant was deleted.
    await checkIsThere(ports, tenant);
  }
}

interface Put {
  readonly name: string;
  readonly seen: number;
  readonly config: EventTypeConfig;
}

async function put(
  { registry, clock }: ApiPorts,
  { number }: Tenant,
  { name, seen, config }: Put,
): Promise<EventType | undefined> {
  const stored = await registry.putEventType({ tenant: number, name, seen, config, now: clock.now() });
  if (stored === "too_many_event_types") {
    throw new Problem(
      "too_many_event_types",
      `A tenant has at most ${EVENT_TYPES_MAX} event types of its own.`,
    );
  }
  return stored;
}

async function checkIsThere({ registry }: ApiPorts, { number, id }: Tenant): Promise<void> {
  if ((await registry.tenantByNumber(number)) === undefined) {
    throw noSuchTenant(id);
  }
}
