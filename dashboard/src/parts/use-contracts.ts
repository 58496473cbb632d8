import type { Contract } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

/** The contracts of the installation: they do not change while it runs. */
export function useContracts() {
  return useQuery({
    queryKey: ["all-contracts"],
    queryFn: async () => {
      const contracts: Contract[] = [];
      for await (const contract of api.listContracts()) {
        contracts.push(contract);
      }
      return contracts;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
