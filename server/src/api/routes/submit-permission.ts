import { permissionAnswerer } from "@posthorn/contracts/cloudevents/permission";
import type { Access } from "../access.ts";
import type { Api } from "../ports.ts";

const SECONDS_PER_MINUTE = 60;

/**
 * `OPTIONS /v1/tenants/{tenant}/events`: the abuse protection handshake of CloudEvents, whose senders ask
 * before they send. Whoever has a key that may submit events is given permission, whatever its origin; to all
 * others the path answers as it does to everything.
 */
export function addPermissionRoute(app: Api, access: Access): void {
  const onRequest = access.tenant("events:write");
  app.options("/v1/tenants/:tenant/events", { onRequest }, async (request, reply) => {
    const { keyRatePerSecond } = request;
    const answerTo = permissionAnswerer(
      keyRatePerSecond === 0 ? {} : { allowedRate: keyRatePerSecond * SECONDS_PER_MINUTE },
    );
    const origin = request.headers["webhook-request-origin"];
    const { status, headers } = answerTo({
      method: "OPTIONS",
      url: request.url,
      headers: { "webhook-request-origin": origin?.toString() },
      payload: new Uint8Array(),
    });
    return reply
      .code(status)
      .headers({ ...headers, allow: "GET, HEAD, OPTIONS, POST" })
      .send();
  });
}
