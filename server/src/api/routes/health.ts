import { Problem } from "../../problem.ts";
import type { Api, ApiPorts } from "../ports.ts";

// No tenant has it: the characters of ids are others.
const NO_TENANT = "?";

/** `/healthz`: the process answers. `/readyz`: it takes requests, and the store answers. */
export function addHealthRoutes(app: Api, { registry, version }: ApiPorts, isClosing: () => boolean): void {
  app.get("/healthz", () => ({ status: "ok", version }));

  app.get("/readyz", async () => {
    if (isClosing()) {
      throw new Problem("shutting_down", "This process takes no new requests.");
    }
    try {
      await registry.findTenant(NO_TENANT);
    } catch {
      throw new Problem("store_unavailable", "The store does not answer.");
    }
    return { status: "ready" };
  });
}
