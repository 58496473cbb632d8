import { setTimeout as wait } from "node:timers/promises";
import { Type } from "typebox";
import type { UnderWay } from "../../engine/engine.ts";
import { DAY_MS } from "../../model/duration.ts";
import { Problem } from "../../problem.ts";
import type { Access } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf } from "../timestamp.ts";

const AdvanceBody = Type.Object(
  {
    by_ms: Type.Integer({
      minimum: 1,
      maximum: 31 * DAY_MS,
      description: "How far ahead, in milliseconds: at most 31 days.",
    }),
  },
  { additionalProperties: false },
);

/** Of the machine's time: an answer has to come before callers, and what lies between, give up. */
const TOOK_MS_MAX = 15_000;
/** In it, what a moment sets off has to come to rest: as long as most attempts have. */
const SETTLED_MS_MAX = 15_000;

/** `/v1/clock`: the time as this server sees it, which in development can be moved ahead. */
export function addClockRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { engine, clock, movableClock } = ports;
  const view = () => ({
    now: timestampOf(clock.now()),
    is_movable: movableClock !== undefined,
    ahead_ms: movableClock?.aheadMs ?? 0,
  });

  app.get("/v1/clock", { onRequest: access.admin }, view);

  app.post(
    "/v1/clock/advance",
    { onRequest: access.admin, schema: { body: AdvanceBody } },
    async (request) => {
      if (movableClock === undefined) {
        throw new Problem(
          "clock_fixed",
          "Only `posthorn start`, over a database in a file, has a clock that can be moved.",
        );
      }
      const settled = async (): Promise<void> => await untilSettled(engine);
      const passing = { settled, tookMsMax: TOOK_MS_MAX };
      const advanced = await movableClock.advance(request.body.by_ms, passing);
      return { ...view(), advanced_ms: Math.round(advanced) };
    },
  );
}

/** So many turns of the event loop in which nothing is on its way: what had to be read has come. */
export const QUIET_TURNS = 10;
/** What takes longer is looked at more seldom: most moments set off one request, and there are thousands. */
const EVERY_TURN_MS = 20;

/** Resolves when nothing is on its way and what came of it is stored: then what follows is known. */
export async function untilSettled(engine: { underWay(): UnderWay }): Promise<void> {
  const startedAt = performance.now();
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await new Promise(setImmediate);
    const { inFlight, unwritten } = engine.underWay();
    quiet = inFlight > 0 || unwritten > 0 ? 0 : quiet + 1;
    const tookMs = performance.now() - startedAt;
    if (tookMs >= SETTLED_MS_MAX) {
      return;
    }
    if (quiet === 0 && tookMs >= EVERY_TURN_MS) {
      await wait(2);
    }
  }
}
