import { Type } from "typebox";
import type { LiveAttempt } from "../../live.ts";
import { type Attempt, LIVE, VERDICT_KINDS } from "../../model/delivery.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { AttemptPosition } from "../../reader.ts";
import { type Access, maySeePayloads, pathParameter, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { noSuch } from "../no-such.ts";
import { PAGE_LIMIT, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { sentRequest } from "../sent-request.ts";
import { timestampOf } from "../timestamp.ts";
import { endpointFilter } from "./deliveries.ts";
import { readEvent } from "./events.ts";

const AttemptsQuery = Type.Object(
  {
    endpoint: Type.Optional(Type.String({ maxLength: 64, description: "To this endpoint: its id." })),
    event: Type.Optional(Type.String({ maxLength: 64, description: "For this event: its id." })),
    verdict: Type.Optional(Type.Enum([...VERDICT_KINDS], { description: "With this verdict." })),
    ...pageParameters,
  },
  { additionalProperties: false },
);

/** Attempts looked at for one page, whatever the filters leave of them. */
const SCAN_MAX = 2000;

/** `/v1/tenants/{tenant}/attempts`: the requests that were made, newest event first. */
export function addAttemptRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const path = "/v1/tenants/:tenant/attempts";
  const onList = access.tenant("events:read", "deliveries:read");
  const options = { onRequest: onList, schema: { querystring: AttemptsQuery } };

  app.get(path, options, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT, endpoint, event, verdict } = request.query;
    const bound = ["attempts", tenant.id, endpoint, event, verdict];
    const endpointNumber = await endpointFilter(ports, tenant, endpoint);
    const offset = event === undefined ? undefined : (await readEvent(ports, tenant, event)).offset;
    const { attempts, next } = await ports.reader.listAttempts({
      tenant: tenant.number,
      ...(endpointNumber === undefined ? {} : { endpoint: endpointNumber }),
      ...(offset === undefined ? {} : { offset }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(cursor === undefined ? {} : { before: placeIn(ports, tenant, positionIn(bound, cursor)) }),
      limit,
      scanMax: SCAN_MAX,
    });
    return {
      data: attempts.map((attempt) => attemptView(ports, { tenant, attempt }, maySeePayloads(request))),
      next_cursor: next === undefined ? null : cursorOf(bound, positionOf(ports, tenant, next)),
    };
  });

  const one = `${path}/:attempt`;

  app.get(one, { onRequest: onList }, async (request) => {
    const tenant = tenantOf(request);
    const attempt = await readOne(ports, tenant, pathParameter(request, "attempt"));
    return attemptView(ports, { tenant, attempt }, maySeePayloads(request));
  });

  app.get(`${one}/request`, { onRequest: access.tenant("events:read") }, async (request) => {
    const tenant = tenantOf(request);
    const attempt = await readOne(ports, tenant, pathParameter(request, "attempt"));
    const { batch } = attempt;
    const whole =
      batch === undefined ? attempt : await findAttempt(ports, tenant, { ...attempt, offset: batch });
    if (whole === undefined) {
      throw noSuch("attempt", pathParameter(request, "attempt"), tenant);
    }
    return await sentRequest(ports, tenant, whole);
  });
}

/** Reads an attempt of the tenant by its id. Throws the Problem `not_found`, also for another tenant's. */
async function readOne(ports: ApiPorts, tenant: Tenant, id: string): Promise<Attempt> {
  const place = ports.ids.attemptPlaceOf(id);
  const attempt =
    place === undefined || place.shard !== tenant.shard ? undefined : await findAttempt(ports, tenant, place);
  if (attempt === undefined) {
    throw noSuch("attempt", id, tenant);
  }
  return attempt;
}

/** Finds the attempt at a place: the first one before the place that follows it. */
async function findAttempt(
  { reader }: ApiPorts,
  tenant: Tenant,
  { offset, endpoint, cursor, number }: AttemptPosition,
): Promise<Attempt | undefined> {
  const before = { offset, endpoint, cursor, number: number + 1 };
  const query = { tenant: tenant.number, endpoint, offset, before, limit: 1, scanMax: SCAN_MAX };
  const [found] = (await reader.listAttempts(query)).attempts;
  return found?.cursor === cursor && found.number === number ? found : undefined;
}

/** Shows an attempt; a receiver may answer with what it was sent. */
function attemptView(
  ports: ApiPorts,
  { tenant, attempt }: { readonly tenant: Tenant; readonly attempt: Attempt },
  isAnswerShown: boolean,
) {
  const { answer, payloadHash } = attempt;
  return {
    ...liveAttemptView(ports, tenant, attempt),
    answer: answer === undefined || !isAnswerShown ? null : Buffer.from(answer).toString("utf8"),
    payload_hash: payloadHash === undefined ? null : Buffer.from(payloadHash).toString("hex"),
  };
}

/** Shows an attempt as it is told while it is made known, without what was answered. */
export function liveAttemptView(
  { ids }: Pick<ApiPorts, "ids">,
  { shard }: Pick<Tenant, "shard">,
  attempt: LiveAttempt,
) {
  const { endpoint, cursor, offset, number, batch } = attempt;
  const place = { shard, offset };
  return {
    id: ids.attempt({ ...place, endpoint, cursor, number }),
    number,
    event_id: ids.event(place),
    endpoint_id: ids.endpoint(endpoint),
    delivery_id: ids.delivery(place, endpoint),
    is_replay: cursor !== LIVE,
    verdict: attempt.verdict,
    status: attempt.status ?? null,
    error: attempt.reason ?? null,
    error_detail: attempt.detail ?? null,
    started_at: timestampOf(attempt.startedAt),
    duration_ms: attempt.durationMs,
    connected_ms: attempt.connectedMs ?? null,
    headers_ms: attempt.headersMs ?? null,
    // A batch stands in full at its last member.
    batch_event_id: batch === undefined ? null : ids.event({ shard, offset: batch }),
  };
}

function positionOf({ ids }: ApiPorts, { shard }: Tenant, position: AttemptPosition): string {
  const { offset, endpoint, cursor, number } = position;
  return `${ids.delivery({ shard, offset }, endpoint)}_${cursor}_${number}`;
}

function placeIn({ ids }: ApiPorts, tenant: Tenant, position: string): AttemptPosition {
  const [, delivery = "", cursor, number] = /^(dlv_[0-9a-f]{32})_(\d{1,15})_(\d{1,15})$/.exec(position) ?? [];
  const place = ids.deliveryPlaceOf(delivery);
  if (place === undefined || place.shard !== tenant.shard) {
    throw wrongCursor();
  }
  return { offset: place.offset, endpoint: place.endpoint, cursor: Number(cursor), number: Number(number) };
}
