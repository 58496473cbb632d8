/**
 * BSPK's own API for webhook endpoints, over the same endpoints as ours: whoever registers at BSPK by a
 * program can register here by the same one.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../../problem.ts";
import { type Access, hasScope, notFound } from "../../access.ts";
import type { Api, ApiPorts } from "../../ports.ts";
import { problemOf } from "../../problem-of.ts";
import { sendBspkError } from "./errors.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { addWebhookEndpointRoutes } from "./webhook-endpoints.ts";

export const BSPK_PREFIX = "/api/platform/v1";

// "Requests are limited to the amount specified in X-RateLimit-Limit (per 10 seconds)"; the page on it says
// 30.
const REQUESTS_MAX = 30;
const WINDOW_MS = 10_000;
const KEYS_MAX = 10_000;

/** Adds the face, where the installation has BSPK's contract. */
export function addBspkFace(app: Api, ports: ApiPorts, access: Access): void {
  const contract = ports.contracts.get("bspk");
  if (contract === undefined) {
    return;
  }
  const { registry, clock, log } = ports;
  const limiter = createRateLimiter({ requestsMax: REQUESTS_MAX, windowMs: WINDOW_MS, keysMax: KEYS_MAX });

  /** Lets keys of tenants pass, as BSPK's keys are a company's; then counts the request. */
  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.headers({ "x-ratelimit-limit": REQUESTS_MAX, "x-ratelimit-remaining": REQUESTS_MAX });
    const caller = await access.callerOf(request);
    const isReading = request.method === "GET" || request.method === "HEAD";
    if (caller.kind === "admin" || !hasScope(caller, isReading ? "endpoints:read" : "endpoints:write")) {
      throw new Problem("unauthorized", "This needs the key of a tenant that may use its endpoints.");
    }
    const { isAllowed, remaining, waitMs } = limiter.take(caller.key.id, clock.monotonic());
    reply.header("x-ratelimit-remaining", remaining);
    if (!isAllowed) {
      // BSPK's page calls it X-RateLimit-Reset in a sentence and RateLimit-Reset in a table. This is the
      // one that goes with the other two; the other is an IETF draft's name for seconds from now, which
      // these are not.
      reply.header("x-ratelimit-reset", Math.ceil((clock.now() + waitMs) / 1000));
      throw new Problem("rate_limited", `Throttle limit of ${REQUESTS_MAX} requests in 10 seconds reached.`);
    }
    request.tenant = await registry.tenantByNumber(caller.tenant);
    if (request.tenant === undefined) {
      throw new Problem("unauthorized", "The key's tenant is not there any more.");
    }
  }

  const plugin = (scope: Api, _options: object, done: () => void): void => {
    scope.addHook("onRequest", admit);
    scope.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error, request);
      if (problem.status === 500) {
        log.error("a request failed by a fault of ours", {
          request_id: request.id,
          method: request.method,
          route: request.routeOptions.url,
          error: { fault: error },
        });
      }
      return sendBspkError(reply, problem);
    });
    scope.setNotFoundHandler((_request, reply) => sendBspkError(reply, notFound()));
    addWebhookEndpointRoutes(scope, ports, contract);
    done();
  };
  void app.register(plugin, { prefix: BSPK_PREFIX });
}
