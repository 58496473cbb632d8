import type { Tenant } from "../model/tenant.ts";
import { Problem } from "../problem.ts";

/** What a tenant has that somebody can ask for by its id, and how such an id begins. */
const BEGINNINGS = {
  endpoint: "ep_",
  event: "evt_",
  delivery: "dlv_",
  attempt: "att_",
  replay: "rpl_",
  key: "key_",
} as const;

const ID_REST = /^[\w-]{1,128}$/;
const NAME_LENGTH_MAX = 128;

/** Whatever begins so opens something, and was put where an id belongs by mistake (invariant 12). */
const OPENING = /^(?:phk|ses|whsec|whsk)_/;

/**
 * Says that a tenant which the caller reaches has no such thing: the same for what never was and for what is
 * another tenant's (invariant 9). An id is said again only where it has the form of one.
 */
export function noSuch(
  thing: keyof typeof BEGINNINGS,
  id: string,
  { id: tenant }: Pick<Tenant, "id">,
): Problem {
  const beginning = BEGINNINGS[thing];
  const isOne = id.startsWith(beginning) && ID_REST.test(id.slice(beginning.length));
  return new Problem(
    "not_found",
    isOne
      ? `There is no ${thing} ${id} in tenant ${tenant}.`
      : `There is no such ${thing} in tenant ${tenant}: the id of one begins with ${beginning}.`,
  );
}

/** Says that a tenant which the caller reaches knows no event type of a name. */
export function noSuchType(name: string, { id: tenant }: Pick<Tenant, "id">): Problem {
  const shown = JSON.stringify(name.slice(0, NAME_LENGTH_MAX));
  return new Problem("not_found", `There is no event type ${shown} in tenant ${tenant}.`);
}

/** Says that there is no such tenant: also to another tenant's key, which must not learn that there is. */
export function noSuchTenant(id: string): Problem {
  const shown = OPENING.test(id) || !ID_REST.test(id) ? "such tenant" : `tenant ${id}`;
  return new Problem("not_found", `There is no ${shown}, or not for this key.`);
}
