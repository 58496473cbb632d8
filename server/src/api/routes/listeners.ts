import type { Contract } from "@posthorn/contracts/contract";
import { type Static, Type } from "typebox";
import { isErased } from "../../model/erasure.ts";
import { Problem } from "../../problem.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { configOf, NewEndpointBody } from "../endpoint-body.ts";
import { checkEndpoint } from "../endpoint-checks.ts";
import { contractOf } from "../endpoint-verbs.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { rendered } from "../rendering.ts";
import { readEvent } from "./events.ts";
import { addRenderingRoute } from "./renderings.ts";

const { url, contract, secret, settings } = NewEndpointBody.properties;

const ListenerBody = Type.Object({ url, contract, secret, settings }, { additionalProperties: false });

type Listener = Static<typeof ListenerBody>;

/**
 * Endpoints that are nowhere: whoever listens fetches requests as an endpoint would get them, and makes them
 * itself. Nothing is stored of a listener, nothing waits for one, and nothing is sent to its URL from here.
 * Samples of events are nowhere, too.
 */
export function addListenerRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { version } = ports;
  const options = { onRequest: access.tenant("events:read"), schema: { body: ListenerBody } };

  addRenderingRoute(app, ports, access);
  app.post("/v1/tenants/:tenant/listeners", options, (request) => {
    const known = contractOf(ports, contractName(ports, request));
    checkListener(known, request.body);
    return { contract: known.name, secret: secretOf(ports, known, request.body) ?? null };
  });

  app.post("/v1/tenants/:tenant/events/:event/render", options, async (request) => {
    const tenant = tenantOf(request);
    const event = await readEvent(ports, tenant, pathParameter(request, "event"));
    const known = contractOf(ports, contractName(ports, request));
    checkListener(known, request.body);
    if (isErased(event)) {
      throw new Problem("event_erased", "There is nothing to render.");
    }
    const made = rendered(
      ports,
      { tenant, event },
      {
        contract: known,
        url: request.body.url,
        secret: secretOf(ports, known, request.body),
        settings: request.body.settings ?? {},
      },
    );
    if (made.kind === "unrenderable") {
      return { contract: known.name, reason: made.reason, request: null };
    }
    return {
      contract: known.name,
      reason: null,
      request: {
        method: made.method ?? "POST",
        url: made.url,
        headers: { "user-agent": `Posthorn/${version}`, ...made.headers },
        payload: Buffer.from(made.payload).toString("base64"),
      },
    };
  });
}

function contractName(
  { defaultContract }: ApiPorts,
  request: Parameters<typeof tenantOf>[0] & Asked,
): string {
  return request.body.contract ?? tenantOf(request).contract ?? defaultContract;
}

interface Asked {
  readonly body: Listener;
}

/** A listener's URL may be on any machine: nothing is sent there from here. */
function checkListener(known: Contract, body: Listener): void {
  const given = { contract: known, config: configOf(body), secret: body.secret ?? undefined };
  checkEndpoint({ ...given, eventTypes: undefined }, (text) =>
    URL.canParse(text) && /^https?:/i.test(text) ? undefined : "must be a URL of http or https",
  );
}

function secretOf({ random }: ApiPorts, known: Contract, body: Listener): string | undefined {
  return body.secret ?? known.makeSecret((count) => random.bytes(count), body.settings ?? {});
}
