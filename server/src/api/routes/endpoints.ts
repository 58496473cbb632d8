import type { FastifyReply, FastifyRequest } from "fastify";
import type { Endpoint, EndpointState } from "../../model/endpoint.ts";
import { Problem } from "../../problem.ts";
import { type Access, askerOf, tenantOf } from "../access.ts";
import { warnOfDeprecated } from "../deprecation-warning.ts";
import { EndpointChangeBody, type EndpointChangeRequest, NewEndpointBody } from "../endpoint-body.ts";
import { findEndpoint } from "../endpoint-path.ts";
import { changeEndpoint, createEndpoint, type Switch, switchEndpoint } from "../endpoint-verbs.ts";
import { endpointView, isHeldUp, readStatus } from "../endpoint-view.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { RotationBody, rotateSecret } from "../secret-rotation.ts";
import { subscriptionWarnings } from "../subscription-warnings.ts";
import { addEndpointLists } from "./endpoint-lists.ts";

const LIST = "/v1/tenants/:tenant/endpoints";
const ONE = `${LIST}/:endpoint`;

type Subscribing = Pick<FastifyRequest, "tenant"> & {
  readonly body: Pick<EndpointChangeRequest, "event_types">;
};

const SWITCHES: readonly Switch[] = ["enable", "disable", "pause", "resume"];

/**
 * `/v1/tenants/{tenant}/endpoints`: receivers' URLs with their contract, subscription, secrets and limits.
 */
export function addEndpointRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { contracts } = ports;
  const onRead = access.tenant("endpoints:read");
  const onWrite = access.tenant("endpoints:write");

  const find = (request: FastifyRequest) => findEndpoint(ports, request);

  /** Tells what of a subscription may not be meant: in the answer, and of what is deprecated in a header. */
  async function warn(request: Subscribing, reply: FastifyReply, endpoint: Endpoint) {
    const contract = contracts.get(endpoint.contract);
    const { event_types: eventTypes } = request.body;
    warnOfDeprecated(reply, contract?.catalogue, eventTypes);
    return await subscriptionWarnings(ports, tenantOf(request), { contract, eventTypes });
  }

  app.post(LIST, { onRequest: onWrite, schema: { body: NewEndpointBody } }, async (request, reply) => {
    const { endpoint, secret } = await createEndpoint(ports, tenantOf(request), request.body);
    const warned = await warn(request, reply, endpoint);
    return reply
      .code(201)
      .send({ ...endpointView(endpoint, ports, askerOf(request)), secret: secret ?? null, ...warned });
  });

  app.get(ONE, { onRequest: onRead }, async (request) => {
    const endpoint = await find(request);
    return {
      ...endpointView(endpoint, ports, askerOf(request)),
      ...(await readStatus(ports, tenantOf(request), endpoint)),
    };
  });

  app.patch(ONE, { onRequest: onWrite, schema: { body: EndpointChangeBody } }, async (request, reply) => {
    const changed = await changeEndpoint(ports, tenantOf(request), {
      endpoint: await find(request),
      body: request.body,
    });
    return {
      ...endpointView(changed, ports, askerOf(request)),
      ...(await warn(request, reply, changed)),
    };
  });

  app.delete(ONE, { onRequest: onWrite }, async (request, reply) => {
    await switchEndpoint(ports, tenantOf(request), { endpoint: await find(request), to: () => "deleted" });
    return reply.code(204).send();
  });

  app.post(
    `${ONE}/rotate-secret`,
    { onRequest: onWrite, schema: { body: RotationBody } },
    async (request) => {
      const asked = { endpoint: await find(request), body: request.body };
      const { endpoint, secret } = await rotateSecret(ports, tenantOf(request), asked);
      return { ...endpointView(endpoint, ports, askerOf(request)), secret };
    },
  );

  addEndpointLists(app, ports, access);
  addSwitchRoutes(app, ports, access);
}

function addSwitchRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const onChange = access.tenant("endpoints:write");
  const onMend = access.tenant("endpoints:write", "deliveries:write");
  for (const verb of SWITCHES) {
    // Whoever mends keeps what is owed: disabling gives it up, and what is enabled starts anew.
    const onRequest = verb === "pause" || verb === "resume" ? onMend : onChange;
    app.post(`${ONE}/${verb}`, { onRequest }, async (request) => {
      checkNoBody(request.body);
      const endpoint = await findEndpoint(ports, request);
      const to = (state: EndpointState) => stateAfter(verb, state);
      const tenant = tenantOf(request);
      const endsHold = verb === "resume" && (await isHeldUp(ports, tenant, endpoint));
      const switched = await switchEndpoint(ports, tenant, { endpoint, to, endsHold });
      return endpointView(switched, ports, askerOf(request));
    });
  }
}

/**
 * ```
 *            pause →                disable →
 *   enabled  ← resume   paused   ─────────────→   disabled
 *      ↑───────────────── enable ────────────────────┘
 * ```
 */
function stateAfter(verb: Switch, state: EndpointState): EndpointState {
  switch (verb) {
    case "enable":
      return "enabled";
    case "disable":
      return "disabled";
    case "pause":
    case "resume":
      // Its backlog ended when it was disabled: pausing or resuming would hide that.
      if (state === "disabled") {
        throw new Problem(
          "endpoint_disabled",
          `A disabled endpoint cannot ${verb}; it starts anew with enable.`,
        );
      }
      return verb === "pause" ? "paused" : "enabled";
  }
}

/** Refuses what would be ignored. */
export function checkNoBody(body: unknown): void {
  const isEmpty = typeof body === "object" && body !== null && Object.keys(body).length === 0;
  if (body !== undefined && body !== null && !isEmpty) {
    const detail = "must be absent, or an object without members";
    throw new Problem("invalid_request", "This takes no body.", [{ pointer: "", detail }]);
  }
}
