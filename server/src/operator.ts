import type { Clock } from "./clock.ts";
import type { Tenant } from "./model/tenant.ts";
import type { Registry } from "./registry.ts";
import { shardOf } from "./shard.ts";

/** The tenant of those who run the installation: what it tells of itself are this tenant's events. */
export const OPERATOR_ID = "posthorn";

/**
 * Finds the operator's tenant, made at the first start. Throws where the tenant of this id was deleted, by a
 * version that let it be.
 */
export async function findOperator(
  registry: Pick<Registry, "findTenant" | "createTenant">,
  clock: Clock,
): Promise<Tenant> {
  const draft = {
    id: OPERATOR_ID,
    name: "Operator of this installation",
    // Whatever the installation's contract is: in some of them these events cannot be said.
    contract: "standard",
    shard: shardOf(OPERATOR_ID),
    createdAt: clock.now(),
  };
  const operator =
    (await registry.findTenant(OPERATOR_ID)) ??
    (await registry.createTenant(draft)) ??
    // Another process made it in between.
    (await registry.findTenant(OPERATOR_ID));
  if (operator === undefined) {
    throw new Error(`the tenant ${OPERATOR_ID} is the operator's own, and was deleted: restore a backup`);
  }
  return operator;
}
