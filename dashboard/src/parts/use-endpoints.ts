import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

/** A tenant's endpoints, a hundred at most: for names and choices, which need not be of this moment. */
export function useEndpoints(tenant: string) {
  const { data } = useQuery({
    queryKey: ["endpoint-names", tenant],
    queryFn: async () => await api.listEndpoints(tenant, { limit: 100 }).page(),
    staleTime: 60_000,
  });
  return data?.data ?? [];
}
