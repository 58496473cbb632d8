import type { Catalogue } from "@posthorn/contracts/contract";
import { isInCatalogue } from "../../engine/owed.ts";
import { currentVersion, type Endpoint } from "../../model/endpoint.ts";
import { Problem } from "../../problem.ts";
import type { AcceptEvents } from "../accept-events.ts";
import { type Access, tenantOf } from "../access.ts";
import type { AskedEvents } from "../asked-events.ts";
import { findEndpoint } from "../endpoint-path.ts";
import { EVENT_BYTES_MAX } from "../event-reading.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { type AskedTest, readTestBody } from "../test-events/body.ts";
import { testContentOf, testTypeOf } from "../test-events/test-event.ts";

const NO_CATALOGUE: Catalogue = { kind: "open", eventTypes: [] };

/** `POST /v1/tenants/{tenant}/endpoints/{endpoint}/test`: sends an event to this endpoint and no other. */
export function addTestEventRoute(
  app: Api,
  ports: ApiPorts & { readonly accept: AcceptEvents },
  access: Access,
): void {
  // A scope of its own, in which data stays the bytes that were sent.
  void app.register((scope: Api, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, bytes, parsed) =>
      parsed(null, bytes),
    );
    scope.post(
      "/v1/tenants/:tenant/endpoints/:endpoint/test",
      { onRequest: access.tenant("endpoints:write"), bodyLimit: EVENT_BYTES_MAX },
      async (request, reply) => {
        const endpoint = await findEndpoint(ports, request);
        const { body } = request;
        const test = readTestBody(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
        const asked = await askedEventOf(ports, endpoint, test);
        return reply.code(202).send(await ports.accept(tenantOf(request), { asked, headerKey: undefined }));
      },
    );
    done();
  });
}

async function askedEventOf(ports: ApiPorts, endpoint: Endpoint, test: AskedTest): Promise<AskedEvents> {
  const { registry, contracts, ids } = ports;
  const { state, eventTypes: subscription } = currentVersion(endpoint);
  if (state === "disabled") {
    throw new Problem("endpoint_disabled", "A disabled endpoint is sent nothing; enable it first.");
  }
  const contract = contracts.get(endpoint.contract);
  const catalogue = contract?.catalogue ?? NO_CATALOGUE;
  const registered = await registry.readEventTypeRules(endpoint.tenant);
  const type =
    test.type ?? testTypeOf({ catalogue, subscription, registered: registered.map(({ name }) => name) });
  if (!isInCatalogue(contract, type)) {
    const names = catalogue.eventTypes.map(({ name }) => name).join(", ");
    throw new Problem("invalid_request", `The contract ${endpoint.contract} does not send such events.`, [
      { pointer: "/type", detail: `must be one of the contract's ${names}` },
    ]);
  }
  const known = await registry.findEventType(endpoint.tenant, type);
  const content = testContentOf(catalogue, type, { data: test.data, example: known?.example });
  const event = {
    ...content,
    type,
    occurredAt: undefined,
    expiresAt: undefined,
    extensions: undefined,
    to: ids.endpoint(endpoint.number),
    key: undefined,
  };
  return { isList: false, events: [event], keyPlace: () => "", dataPlace: () => "/data" };
}
