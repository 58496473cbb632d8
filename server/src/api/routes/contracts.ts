import type { Contract } from "@posthorn/contracts/contract.ts";
import type { Access } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";

/** `/v1/contracts`: what this installation can send. */
export function addContractRoutes(app: Api, ports: ApiPorts, access: Access): void {
  app.get("/v1/contracts", { onRequest: access.anyone }, () => ({
    data: [...ports.contracts.values()].map((contract) => contractView(contract, ports.defaultContract)),
    next_cursor: null,
  }));
}

function contractView({ name, discipline, catalogue, defaults }: Contract, defaultContract: string) {
  const { timeoutMs, maxInFlight, retry, hold } = defaults;
  return {
    name,
    discipline,
    is_default: name === defaultContract,
    catalogue: catalogue.kind,
    event_types: catalogue.eventTypes.map((type) => ({
      name: type.name,
      description: type.description,
      deprecated_for: type.deprecatedFor ?? null,
    })),
    defaults: {
      timeout_ms: timeoutMs,
      max_in_flight: maxInFlight,
      retry: { delays_ms: retry.delaysMs, jitter: retry.jitter },
      hold: { first_ms: hold.firstMs, max_ms: hold.maxMs, jitter: hold.jitter },
    },
  };
}
