import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { RangeReplay, ReplayWish } from "../../model/range-replay.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { type Counted, countChosen } from "../chosen-events.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { PAGE_LIMIT, pageOf, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { ReplayBody, readReplayBody } from "../replay-body.ts";
import { readReplay, showReplay, startReplay, steerReplay } from "../replay-verbs.ts";
import { endpointFilter } from "./deliveries.ts";
import { checkNoBody } from "./endpoints.ts";

const ReplaysQuery = Type.Object(
  {
    endpoint: Type.Optional(Type.String({ maxLength: 64, description: "Of this endpoint: its id." })),
    ...pageParameters,
  },
  { additionalProperties: false },
);

const LIST = "/v1/tenants/:tenant/replays";
const ONE = `${LIST}/:replay`;

const WISHES: Readonly<Record<string, ReplayWish>> = { pause: "pause", resume: "run", cancel: "cancel" };

/** Events that counting looks at. */
const DRY_RUN_LOOKED_AT_MAX = 20_000;

/** `/v1/tenants/{tenant}/replays`: old events delivered again, a range at a time. */
export function addReplayRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { ids, registry } = ports;
  const onRead = access.tenant("events:read", "deliveries:read");
  const onWrite = access.tenant("events:write", "deliveries:write");

  const find = async (request: FastifyRequest): Promise<RangeReplay> =>
    await readReplay(ports, tenantOf(request), pathParameter(request, "replay"));

  app.post(LIST, { onRequest: onWrite, schema: { body: ReplayBody } }, async (request, reply) => {
    const tenant = tenantOf(request);
    const asked = await readReplayBody(ports, tenant, request.body);
    if (request.body.dry_run === true) {
      const { source: endpoint, request: choice } = asked;
      return countView(
        await countChosen(ports, { endpoint, ranges: [choice], choice, scanMax: DRY_RUN_LOOKED_AT_MAX }),
      );
    }
    return reply.code(202).send(await showReplay(ports, await startReplay(ports, tenant, asked)));
  });

  app.get(LIST, { onRequest: onRead, schema: { querystring: ReplaysQuery } }, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT, endpoint } = request.query;
    const key = ["replays", tenant.id, endpoint];
    const before = cursor === undefined ? undefined : ids.replayNumberOf(positionIn(key, cursor));
    if (cursor !== undefined && before === undefined) {
      throw wrongCursor();
    }
    const found = await registry.listReplays({
      tenant: tenant.number,
      endpoint: await endpointFilter(ports, tenant, endpoint),
      isOpen: false,
      before,
      limit: limit + 1,
    });
    const { rows, next } = pageOf(found, limit, (last) => cursorOf(key, ids.replay(last.number)));
    return { data: await Promise.all(rows.map((replay) => showReplay(ports, replay))), next_cursor: next };
  });

  app.get(ONE, { onRequest: onRead }, async (request) => await showReplay(ports, await find(request)));

  for (const [verb, wish] of Object.entries(WISHES)) {
    app.post(`${ONE}/${verb}`, { onRequest: onWrite }, async (request) => {
      checkNoBody(request.body);
      const replay = await find(request);
      return await showReplay(ports, await steerReplay(ports, tenantOf(request), { replay, wish }));
    });
  }
}

function countView({ count, isPartial }: Counted) {
  return { count, ...(isPartial ? { count_is_at_least: true } : {}) };
}
