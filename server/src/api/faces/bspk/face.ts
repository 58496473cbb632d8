/**
 * BSPK's own API for webhook endpoints, over the same endpoints as ours: whoever registers at BSPK by a
 * program can register here by the same one.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../../problem.ts";
import { type Access, notFound } from "../../access.ts";
import { answerErrors } from "../../error-answers.ts";
import type { Api, ApiPorts } from "../../ports.ts";
import { sendBspkError } from "./errors.ts";
import { addRateHeaders, addResetHeaders, REQUESTS_MAX, WINDOW_MS } from "./rate-headers.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { addWebhookEndpointRoutes } from "./webhook-endpoints.ts";

export const BSPK_PREFIX = "/api/platform/v1";

const KEYS_MAX = 10_000;

/** Adds the face, where the installation has BSPK's contract. */
export function addBspkFace(app: Api, ports: ApiPorts, access: Access): void {
  const contract = ports.contracts.get("bspk");
  if (contract === undefined) {
    return;
  }
  const { clock, log } = ports;
  const limiter = createRateLimiter({ requestsMax: REQUESTS_MAX, windowMs: WINDOW_MS, keysMax: KEYS_MAX });

  /** Lets keys of tenants pass, as BSPK's keys are a company's; then counts the request. */
  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    addRateHeaders(reply, REQUESTS_MAX);
    const isReading = request.method === "GET" || request.method === "HEAD";
    const scope = isReading ? "endpoints:read" : "endpoints:write";
    const caller = await access.callerOf(request);
    const { tenant, key } = await access.ownTenant(caller, scope);
    const { isAllowed, remaining, waitMs } = limiter.take(key.id, clock.monotonic());
    addRateHeaders(reply, remaining);
    if (!isAllowed) {
      addResetHeaders(reply, clock.now() + waitMs);
      throw new Problem("rate_limited", `Throttle limit of ${REQUESTS_MAX} requests in 10 seconds reached.`);
    }
    request.tenant = tenant;
    request.caller = caller;
  }

  const plugin = (scope: Api, _options: object, done: () => void): void => {
    scope.addHook("onRequest", admit);
    answerErrors(scope, log, sendBspkError);
    scope.setNotFoundHandler((_request, reply) => sendBspkError(reply, notFound()));
    addWebhookEndpointRoutes(scope, ports, contract);
    done();
  };
  void app.register(plugin, { prefix: BSPK_PREFIX });
}
