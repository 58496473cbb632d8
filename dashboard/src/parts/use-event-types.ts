import type { EventType } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

// More than anybody reads; twenty requests a minute at most.
const KNOWN_MAX = 2000;

export interface KnownTypes {
  readonly types: readonly EventType[];
  /** There are more, which come later in the alphabet. */
  readonly isPartial: boolean;
}

/** The event types that a tenant knows: its own and its contract's. */
export function useEventTypes(tenant: string) {
  return useQuery({
    queryKey: ["event-types", { tenant }],
    queryFn: async () => await readKnown(tenant),
    staleTime: 60_000,
  });
}

/** What is needed of a type to send an event of it. */
export type SampleType = Pick<EventType, "name" | "description" | "example" | "schema">;

/** The types of all contracts: they do not change while the server runs. */
function useCatalogues() {
  return useQuery({
    queryKey: ["all-catalogues"],
    queryFn: async (): Promise<readonly SampleType[]> => (await api.listCatalogueTypes({}).page()).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Every type that is known: what the tenant says of one goes before what a contract does. */
export function useSampleTypes(tenant: string) {
  const types = useEventTypes(tenant);
  const catalogues = useCatalogues();
  const all: readonly SampleType[] = [...(types.data?.types ?? []), ...(catalogues.data ?? [])];
  return {
    all,
    isPending: types.isPending || catalogues.isPending,
    failed: [types, catalogues].find(({ isError }) => isError),
  };
}

async function readKnown(tenant: string): Promise<KnownTypes> {
  const types: EventType[] = [];
  for await (const type of api.listEventTypes(tenant, { limit: 100 })) {
    if (types.length === KNOWN_MAX) {
      return { types, isPartial: true };
    }
    types.push(type);
  }
  return { types, isPartial: false };
}
