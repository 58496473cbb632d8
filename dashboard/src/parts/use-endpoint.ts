import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

/** The endpoint and how its deliveries are going, read anew while one looks. */
export function useEndpoint(tenant: string, id: string) {
  return useQuery({
    queryKey: ["endpoint", tenant, id],
    queryFn: async () => await api.getEndpoint(tenant, id),
    refetchInterval: 5000,
  });
}
