import { type Access, tenantOf } from "../access.ts";
import { EVENT_BYTES_MAX } from "../event-reading.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { readSampleBody } from "../samples/sample-body.ts";
import { sampleRenderings } from "../samples/sample-renderings.ts";

/** `POST /v1/tenants/{tenant}/renderings`: an event that is nowhere, as contracts or an endpoint say it. */
export function addRenderingRoute(app: Api, ports: ApiPorts, access: Access): void {
  // A scope of its own, in which data stays the bytes that were sent.
  void app.register((scope: Api, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, bytes, parsed) =>
      parsed(null, bytes),
    );
    scope.post(
      "/v1/tenants/:tenant/renderings",
      { onRequest: access.tenant("events:read"), bodyLimit: EVENT_BYTES_MAX },
      async (request) => {
        const { body } = request;
        const asked = readSampleBody(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
        return { renderings: await sampleRenderings(ports, tenantOf(request), asked) };
      },
    );
    done();
  });
}
