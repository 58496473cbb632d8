import { type Static, Type } from "typebox";
import type { Endpoint } from "../../model/endpoint.ts";
import { offsetAt } from "../../model/offset.ts";
import type { ReplayRequest } from "../../model/range-replay.ts";
import type { Tenant } from "../../model/tenant.ts";
import { type Access, tenantOf } from "../access.ts";
import { timeMember, wrongBodyMember } from "../body-member.ts";
import { orNull } from "../changeable-member.ts";
import { countChosen, missedRanges, type Range } from "../chosen-events.ts";
import { findEndpoint } from "../endpoint-path.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { checkEnabled } from "../replay-body.ts";
import { openReplaysTo, showReplay, startReplay } from "../replay-verbs.ts";

const Recovery = Type.Object(
  {
    since: orNull(
      Type.String({
        maxLength: 64,
        description: "Also what was not delivered since. Default: only what was missed.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** All of it may be left out, the body too. */
const RecoveryBody = Type.Union([Recovery, Type.Null()]);

const LOOKED_AT_MAX = 20_000;

/** `…/endpoints/{endpoint}/recover`: a replay of what the endpoint missed. */
export function addRecoverRoute(app: Api, ports: ApiPorts, access: Access): void {
  const onRequest = access.tenant("endpoints:write", "deliveries:write");
  const path = "/v1/tenants/:tenant/endpoints/:endpoint/recover";
  app.post(path, { onRequest, schema: { body: RecoveryBody } }, async (request, reply) => {
    const endpoint = await findEndpoint(ports, request);
    checkEnabled(endpoint);
    const { recovered, replay } = await recover(ports, tenantOf(request), {
      endpoint,
      ...(await lostOf(ports, endpoint, request.body)),
    });
    return reply.code(replay === null ? 200 : 202).send({ ...recovered, replay });
  });
}

interface Lost {
  readonly only: "missed" | "undelivered";
  /** In order; none: nothing was lost. */
  readonly ranges: readonly Range[];
}

/** Where something may be that is offered. */
async function lostOf(ports: ApiPorts, endpoint: Endpoint, body: Static<typeof RecoveryBody>): Promise<Lost> {
  if (typeof body?.since !== "string") {
    return { only: "missed", ranges: await missedRanges(ports, endpoint) };
  }
  const since = timeMember("/since", body.since);
  if (since > ports.clock.now()) {
    throw wrongBodyMember("/since", "must not be in the future");
  }
  return {
    only: "undelivered",
    ranges: [{ from: Math.max(1, offsetAt(since)), to: Number.MAX_SAFE_INTEGER }],
  };
}

async function recover(
  ports: ApiPorts,
  tenant: Tenant,
  { endpoint, only, ranges }: Lost & { readonly endpoint: Endpoint },
) {
  const choice = { only, types: undefined };
  const { count, isPartial } = await countChosen(ports, { endpoint, ranges, choice, scanMax: LOOKED_AT_MAX });
  const recovered = { missed: count, ...(isPartial ? { missed_is_at_least: true } : {}) };
  const [first] = ranges;
  const last = ranges.at(-1);
  if (first === undefined || last === undefined || (count === 0 && !isPartial)) {
    return { recovered, replay: null };
  }
  const { number } = endpoint;
  const request: ReplayRequest = {
    tenant: tenant.number,
    source: number,
    endpoint: number,
    from: first.from,
    to: last.to,
    ...choice,
    ratePerSecond: undefined,
    createdAt: ports.clock.now(),
  };
  // Asked twice, it is offered once.
  const known = (await openReplaysTo(ports, endpoint)).find(
    (replay) =>
      replay.source === number &&
      replay.only === only &&
      replay.types === undefined &&
      replay.from <= first.from &&
      (replay.to >= last.to || only === "undelivered"),
  );
  const replay = known ?? (await startReplay(ports, tenant, { target: endpoint, request }));
  return { recovered, replay: await showReplay(ports, replay) };
}
