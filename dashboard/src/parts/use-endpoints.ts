import type { Endpoint } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

// More than anybody chooses from; ten requests a minute at most.
const NAMED_MAX = 1000;

export interface NamedEndpoints {
  readonly endpoints: readonly Endpoint[];
  /** There are more, which are older. */
  readonly isPartial: boolean;
}

/** A tenant's newest endpoints, for names and choices, which need not be of this moment. */
export function useEndpoints(tenant: string | undefined): NamedEndpoints {
  const { data } = useQuery({
    // Not the tenant's own place: what happens changes no names.
    queryKey: ["endpoint-names", { tenant }],
    queryFn: async () => await readNamed(tenant ?? ""),
    enabled: tenant !== undefined,
    staleTime: 60_000,
  });
  return data ?? { endpoints: [], isPartial: false };
}

async function readNamed(tenant: string): Promise<NamedEndpoints> {
  const endpoints: Endpoint[] = [];
  for await (const endpoint of api.listEndpoints(tenant, { limit: 100 })) {
    if (endpoints.length === NAMED_MAX) {
      return { endpoints, isPartial: true };
    }
    endpoints.push(endpoint);
  }
  return { endpoints, isPartial: false };
}
