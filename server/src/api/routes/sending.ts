import type { Access } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf } from "../timestamp.ts";

/**
 * `/v1/sending`: whether anything is sent, and what waits. A database that was restored from a backup is
 * paused until somebody has looked at it: what was delivered after the backup is delivered again.
 */
export function addSendingRoutes(app: Api, { engine, restoration }: ApiPorts, access: Access): void {
  const view = () => {
    const { endpointsWaiting, deliveriesWaiting } = engine.stats();
    const { backedUpAt } = restoration;
    return {
      state: backedUpAt === undefined ? "running" : "paused",
      backed_up_at: backedUpAt === undefined ? null : timestampOf(backedUpAt),
      endpoints_waiting: endpointsWaiting,
      deliveries_waiting_at_least: deliveriesWaiting,
    };
  };

  app.get("/v1/sending", { onRequest: access.admin }, view);

  app.post("/v1/sending/resume", { onRequest: access.admin }, async () => {
    await restoration.end();
    engine.resume();
    return view();
  });
}
