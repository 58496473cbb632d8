import type { Contract } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { api } from "../session.ts";

/** How the lanes of a contract go. Undefined: not known yet. */
export function useDiscipline(contract: string): Contract["discipline"] | undefined {
  const { data } = useQuery({
    queryKey: ["contracts"],
    queryFn: async () => await api.listContracts().page(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.data.find(({ name }) => name === contract)?.discipline;
}
