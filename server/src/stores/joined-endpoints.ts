import type { Endpoint, EndpointWithoutSecrets } from "../model/endpoint.ts";
import { integerIn, type Row } from "./columns.ts";
import { endpointOf, secretOf } from "./registry-rows.ts";

/** Rows of one moment; those of secrets and versions name their endpoint, and are in its order. */
export interface EndpointRows {
  readonly endpoints: readonly Row[];
  readonly secrets: readonly Row[];
  readonly versions: readonly Row[];
}

/** Puts many endpoints together, but for their secrets. */
export function joinedWithoutSecrets(rows: Omit<EndpointRows, "secrets">): EndpointWithoutSecrets[] {
  return joinedEndpoints({ ...rows, secrets: [] }).map(({ secrets: _, ...endpoint }) => endpoint);
}

/** Puts many endpoints together, each with what belongs to it. */
export function joinedEndpoints({ endpoints, secrets, versions }: EndpointRows): Endpoint[] {
  const secretsOf = Map.groupBy(secrets, ownerIn);
  const versionsOf = Map.groupBy(versions, ownerIn);
  return endpoints.map((row) => {
    const number = integerIn(row, "number");
    return endpointOf(row, {
      secrets: (secretsOf.get(number) ?? []).map(secretOf),
      versions: versionsOf.get(number) ?? [],
    });
  });
}

function ownerIn(row: Row): number {
  return integerIn(row, "endpoint");
}
