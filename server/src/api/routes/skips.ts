import { type Static, Type } from "typebox";
import type { SkipResult } from "../../engine/engine.ts";
import { type Offset, offsetAt } from "../../model/offset.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem, type ProblemCode } from "../../problem.ts";
import { type Access, tenantOf } from "../access.ts";
import { timeMember, wrongBodyMember } from "../body-member.ts";
import { orNull } from "../changeable-member.ts";
import { countChosen } from "../chosen-events.ts";
import { findEndpoint } from "../endpoint-path.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { readEvent } from "./events.ts";

const Skip = Type.Object(
  {
    until: orNull(
      Type.String({ maxLength: 64, description: "Everything accepted before this time is skipped." }),
    ),
    event: orNull(Type.String({ maxLength: 64, description: "Everything up to this event is skipped." })),
  },
  { additionalProperties: false },
);

/** All of it may be left out, the body too: the head of the lane is skipped. */
const SkipBody = Type.Union([Skip, Type.Null()]);

const EVENTS_COUNTED_MAX = 10_000;

/** `…/endpoints/{endpoint}/skip`: the lane goes on behind its head, or behind everything up to a place. */
export function addSkipRoute(app: Api, ports: ApiPorts, access: Access): void {
  const onRequest = access.tenant("endpoints:write", "deliveries:write");
  const path = "/v1/tenants/:tenant/endpoints/:endpoint/skip";
  app.post(path, { onRequest, schema: { body: SkipBody } }, async (request) => {
    const tenant = tenantOf(request);
    const endpoint = await findEndpoint(ports, request);
    const to = await placeAsked(ports, tenant, request.body);
    const result = await ports.engine.skip(tenant.shard, { endpoint: endpoint.number, to });
    if (result.kind === "nothing") {
      return { skipped: 0 };
    }
    if (result.kind !== "skipped") {
      throw refusalOf(result.kind);
    }
    const { count, isPartial } = await countChosen(ports, {
      endpoint,
      ranges: [result],
      choice: { only: "missed", types: undefined },
      scanMax: EVENTS_COUNTED_MAX,
    });
    return { skipped: count, ...(isPartial ? { skipped_is_at_least: true } : {}) };
  });
}

/** Reads up to where is skipped; undefined: the head. */
async function placeAsked(
  ports: ApiPorts,
  tenant: Tenant,
  body: Static<typeof SkipBody>,
): Promise<Offset | undefined> {
  const { until, event } = body ?? {};
  if (typeof until === "string" && typeof event === "string") {
    throw wrongBodyMember("/event", "cannot stand beside until: one of them says where to go on");
  }
  if (typeof event === "string") {
    return (await readEvent(ports, tenant, event)).offset;
  }
  return typeof until === "string" ? offsetAt(timeMember("/until", until)) - 1 : undefined;
}

const REFUSALS: Readonly<
  Record<Exclude<SkipResult["kind"], "skipped" | "nothing" | "no_head">, ProblemCode>
> = {
  in_flight: "delivery_in_flight",
  stopped: "endpoint_needs_attention",
};

function refusalOf(kind: Exclude<SkipResult["kind"], "skipped" | "nothing">): Problem {
  return kind === "no_head"
    ? wrongBodyMember("", "must have until or event: deliveries of this endpoint do not wait for one another")
    : new Problem(REFUSALS[kind], "Nothing was skipped.");
}
