import { type Static, Type } from "typebox";
import { currentVersion, type Endpoint } from "../model/endpoint.ts";
import { offsetAt } from "../model/offset.ts";
import { REPLAY_CHOICES, type ReplayRequest } from "../model/range-replay.ts";
import type { Tenant } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { timeMember, wrongBodyMember } from "./body-member.ts";
import { orNull } from "./changeable-member.ts";
import { EVENT_TYPE_RULE, isEventType } from "./event-text.ts";
import type { ApiPorts } from "./ports.ts";

const text = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });

export const ReplayBody = Type.Object(
  {
    endpoint: text("Whose deliveries: its id."),
    since: text("A time: what was accepted from then on."),
    until: orNull(text("A time: what was accepted before then. Default: now.")),
    only: Type.Enum([...REPLAY_CHOICES], {
      description: "What was given up, was never sent, was not delivered for either reason, or everything.",
    }),
    types: orNull(
      Type.Array(Type.String({ maxLength: 128 }), {
        minItems: 1,
        maxItems: 100,
        description: "Names, or globs in which * stands for any text. Default: every type.",
      }),
    ),
    rate: orNull(Type.Number({ minimum: 0.01, maximum: 10_000, description: "Deliveries a second." })),
    to: orNull(Type.String({ maxLength: 64, description: "Another endpoint. Default: the same." })),
    dry_run: orNull(Type.Boolean({ description: "Only counts. Default: false." })),
  },
  { additionalProperties: false },
);

export interface AskedReplay {
  readonly source: Endpoint;
  readonly target: Endpoint;
  readonly request: ReplayRequest;
}

/** Reads what a body asks for. Throws Problems that name the member. */
export async function readReplayBody(
  ports: ApiPorts,
  tenant: Tenant,
  body: Static<typeof ReplayBody>,
): Promise<AskedReplay> {
  const source = await endpointMember(ports, tenant, { pointer: "/endpoint", id: body.endpoint });
  const target =
    typeof body.to === "string"
      ? await endpointMember(ports, tenant, { pointer: "/to", id: body.to })
      : source;
  const now = ports.clock.now();
  const since = timeMember("/since", body.since);
  if (since > now) {
    throw wrongBodyMember("/since", "must not be in the future");
  }
  const until = typeof body.until === "string" ? timeMember("/until", body.until) : undefined;
  if (until !== undefined && until <= since) {
    throw wrongBodyMember("/until", "must be after since");
  }
  const types = body.types ?? undefined;
  const wrong = types?.findIndex((type) => !isEventType(type)) ?? -1;
  if (wrong !== -1) {
    throw wrongBodyMember(`/types/${wrong}`, `must be ${EVENT_TYPE_RULE}`);
  }
  checkEnabled(target);
  const request: ReplayRequest = {
    tenant: tenant.number,
    source: source.number,
    endpoint: target.number,
    from: Math.max(1, offsetAt(since)),
    to: until === undefined ? Number.MAX_SAFE_INTEGER : Math.max(1, offsetAt(until) - 1),
    only: body.only,
    types,
    ratePerSecond: body.rate ?? undefined,
    createdAt: now,
  };
  return { source, target, request };
}

/** What is disabled is sent nothing: it is enabled first. */
export function checkEnabled(endpoint: Endpoint): void {
  if (currentVersion(endpoint).state === "disabled") {
    throw new Problem("endpoint_disabled", "A disabled endpoint is sent nothing.");
  }
}

async function endpointMember(
  { ids, registry }: ApiPorts,
  tenant: Tenant,
  member: { readonly pointer: string; readonly id: string },
): Promise<Endpoint> {
  const number = ids.endpointNumberOf(member.id);
  const endpoint = number === undefined ? undefined : await registry.findEndpoint(tenant.number, number);
  if (endpoint === undefined) {
    throw wrongBodyMember(member.pointer, "must be the id of an endpoint of this tenant");
  }
  return endpoint;
}
