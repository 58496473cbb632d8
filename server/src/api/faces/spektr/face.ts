/**
 * spektr's own list of events, by which its customers repair what their webhooks missed: the same events, in
 * the vendor's own words.
 */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Access, tenantOf } from "../../access.ts";
import { refuseOtherMethods } from "../../allowed-methods.ts";
import { answerErrors } from "../../error-answers.ts";
import type { Api, ApiPorts } from "../../ports.ts";
import { sendSpektrError } from "./errors.ts";
import { eventsAnswer } from "./events-answer.ts";
import { readEventsQuery } from "./events-query.ts";

export const SPEKTR_EVENTS_PATH = "/v1/events";

/** Adds the face, where the installation has spektr's contract. */
export function addSpektrFace(app: Api, ports: ApiPorts, access: Access): void {
  const contract = ports.contracts.get("spektr");
  if (contract === undefined) {
    return;
  }

  /** Lets keys of tenants pass, as spektr's keys are a workspace's. */
  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const key = request.headers["x-api-key"];
    const caller = await access.callerWith(typeof key === "string" ? key : undefined);
    access.limitRate(caller, reply);
    request.tenant = (await access.ownTenant(caller, "events:read")).tenant;
  }

  const plugin = (scope: Api, _options: object, done: () => void): void => {
    answerErrors(scope, ports.log, sendSpektrError);
    scope.get(SPEKTR_EVENTS_PATH, { onRequest: admit }, async (request, reply) => {
      const query = readEventsQuery(request.query);
      const answer = await eventsAnswer(ports, tenantOf(request), { contract, query });
      // An event at a time: a page may hold fifty of a megabyte each.
      return reply.header("content-type", "application/json; charset=utf-8").send(Readable.from(answer));
    });
    refuseOtherMethods(scope, [
      { method: "GET", path: SPEKTR_EVENTS_PATH },
      { method: "HEAD", path: SPEKTR_EVENTS_PATH },
    ]);
    done();
  };
  void app.register(plugin);
}
