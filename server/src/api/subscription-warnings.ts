import type { Catalogue, Contract } from "@posthorn/contracts/contract";
import { matchesGlob } from "../model/subscription.ts";
import type { Tenant } from "../model/tenant.ts";
import { nearestHint } from "../nearest.ts";
import type { WrongMember } from "../problem.ts";
import { deprecatedOnly } from "./deprecation-warning.ts";
import { contractOfTenant } from "./event-types/known-type.ts";
import type { ApiPorts } from "./ports.ts";

/** As many as a person reads. */
const WARNINGS_MAX = 20;
/** What a name is most like is looked for so often, among so many: two long names take 0.1 ms. */
const HINTS_MAX = 5;
const HINT_NAMES_MAX = 200;

export interface Subscription {
  readonly contract: Contract | undefined;
  /** As they were asked for. */
  readonly eventTypes: readonly string[] | null | undefined;
}

/**
 * Tells what of a subscription was taken and may not be meant: types that are to be used no more, and names
 * and globs that fit no type which anybody has said there is. They are no mistake for certain: a type may
 * come later. Where nobody has said of any type that there is one, none is missed.
 */
export async function subscriptionWarnings(
  ports: ApiPorts,
  tenant: Tenant,
  { contract, eventTypes }: Subscription,
): Promise<{ readonly warnings?: readonly WrongMember[] }> {
  if (eventTypes === null || eventTypes === undefined) {
    return {};
  }
  const known = await knownNames(ports, tenant, contract?.catalogue);
  let hints = 0;
  const warnings = eventTypes.flatMap((pattern, index) => {
    const pointer = `/event_types/${index}`;
    const deprecated = deprecatedOnly(contract?.catalogue, pattern).map(({ name, successor }) => ({
      pointer,
      detail: `${name} is deprecated: use ${successor}`,
    }));
    if (deprecated.length > 0 || known.length === 0 || known.some((name) => matchesGlob(pattern, name))) {
      return deprecated;
    }
    hints += 1;
    const hint = hints > HINTS_MAX || known.length > HINT_NAMES_MAX ? "" : nearestHint(pattern, known);
    return [{ pointer, detail: `${JSON.stringify(pattern)} fits no event type that is known${hint}` }];
  });
  return warnings.length === 0 ? {} : { warnings: warnings.slice(0, WARNINGS_MAX) };
}

/** What an endpoint may be sent, by all that is said of it; of a closed catalogue that alone. */
async function knownNames(
  ports: ApiPorts,
  tenant: Tenant,
  catalogue: Catalogue | undefined,
): Promise<readonly string[]> {
  const own = catalogue?.eventTypes ?? [];
  if (catalogue?.kind === "closed") {
    return own.map(({ name }) => name);
  }
  const registered = await ports.registry.readEventTypeRules(tenant.number);
  const ofTenant = contractOfTenant(ports, tenant)?.catalogue.eventTypes ?? [];
  return [...new Set([...own, ...ofTenant, ...registered].map(({ name }) => name))];
}
