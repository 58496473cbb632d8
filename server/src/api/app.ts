import type { IncomingMessage } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import { createAcceptEvents } from "./accept-events.ts";
import { type Access, createAccess } from "./access.ts";
import { collectRoutes, type RouteEntry, refuseOtherMethods } from "./allowed-methods.ts";
import { createAuditTrail } from "./audit-trail.ts";
import { addBodyRoom } from "./body-room.ts";
import { answerClientError } from "./client-error.ts";
import { addConnectionLimits, CONNECTION_LIMITS, serverOptions } from "./connection-limits.ts";
import { answerErrors } from "./error-answers.ts";
import { SUBJECT_LENGTH_MAX } from "./event-text.ts";
import { sendBspkError } from "./faces/bspk/errors.ts";
import { addBspkFace, BSPK_PREFIX } from "./faces/bspk/face.ts";
import { addSpektrFace, SPEKTR_EVENTS_PATH } from "./faces/spektr/face.ts";
import { readJsonBody } from "./json-body.ts";
import type { Api, ApiPorts } from "./ports.ts";
import { sendProblem } from "./problem-answer.ts";
import { problemOf } from "./problem-of.ts";
import { addAcceptRoute } from "./routes/accept.ts";
import { addAttemptRoutes } from "./routes/attempts.ts";
import { addAuditRoutes } from "./routes/audit.ts";
import { addClockRoutes } from "./routes/clock.ts";
import { addContractRoutes } from "./routes/contracts.ts";
import { addDashboardRoutes } from "./routes/dashboard.ts";
import { addDeliveryRoutes } from "./routes/deliveries.ts";
import { addEndpointRoutes } from "./routes/endpoints.ts";
import { addErasureRoutes } from "./routes/erasures.ts";
import { addEventTypeRoutes } from "./routes/event-types.ts";
import { addEventRoutes } from "./routes/events.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addJwksRoute } from "./routes/jwks.ts";
import { addKeyRoutes } from "./routes/keys.ts";
import { addListenerRoutes } from "./routes/listeners.ts";
import { addMetricsRoute } from "./routes/metrics.ts";
import { addPortalSessionRoutes } from "./routes/portal-sessions.ts";
import { addRecoverRoute } from "./routes/recoveries.ts";
import { addReferenceRoutes } from "./routes/reference.ts";
import { addReplayRoutes } from "./routes/replays.ts";
import { addSendingRoutes } from "./routes/sending.ts";
import { addSessionRoutes } from "./routes/sessions.ts";
import { addSkipRoute } from "./routes/skips.ts";
import { addStatRoutes } from "./routes/stats.ts";
import { addStreamRoutes } from "./routes/stream.ts";
import { addPermissionRoute } from "./routes/submit-permission.ts";
import { addSystemRoutes } from "./routes/system.ts";
import { addTenantRoutes } from "./routes/tenants.ts";
import { addTestEventRoute } from "./routes/test-events.ts";
import { addTestReceiverRoutes } from "./routes/test-receiver.ts";
import { addUnmatchedRoute } from "./routes/unmatched.ts";
import { compileValidator } from "./validator.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** For people, and no operation of the API. */
    readonly isPage?: boolean;
  }
  interface FastifyInstance {
    /** Every route, as it was added. */
    readonly routeTable: readonly RouteEntry[];
  }
}

// Of a body that is not events.
const BODY_BYTES_MAX = 256 * 1024;
// The longest is a subject: units of UTF-16, each of 3 bytes, of which each is %XX.
const PATH_PARAMETER_LENGTH_MAX = 9 * SUBJECT_LENGTH_MAX;

/** Makes the HTTP application. It listens to nothing yet; `app.inject` works as it stands. */
export function createApp(ports: ApiPorts, connectionLimits = CONNECTION_LIMITS): FastifyInstance {
  checkDefaultContract(ports);
  const app: Api = fastify({
    logger: false,
    genReqId: requestIds(ports),
    bodyLimit: BODY_BYTES_MAX,
    ...serverOptions(connectionLimits),
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => answerUnrouted(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, openAnswers.of(socket)),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  addRequestMembers(app);
  const table = collectRoutes(app);
  app.decorate("routeTable", table);
  const isClosing = addLifecycle(app, ports);
  const openAnswers = addConnectionLimits(app, connectionLimits);
  addBodyRoom(app, openAnswers);
  addBodyParser(app);
  addErrorAnswers(app, ports);

  const access = createAccess(ports);
  addDuties(app, ports, access);
  addHealthRoutes(app, ports, isClosing);
  addReferenceRoutes(app, ports, table);
  addBrowserRoutes(app, ports, access);
  addContractRoutes(app, ports, access);
  addTenantRoutes(app, ports, access);
  addKeyRoutes(app, ports, access);
  addAuditRoutes(app, ports, access);
  addEndpointRoutes(app, ports, access);
  addSkipRoute(app, ports, access);
  addRecoverRoute(app, ports, access);
  addJwksRoute(app, ports, access);
  addEventTypeRoutes(app, ports, access);
  const accept = createAcceptEvents(ports);
  addAcceptRoute(app, { ...ports, accept }, access);
  addPermissionRoute(app, access);
  addTestEventRoute(app, { ...ports, accept }, access);
  addTestReceiverRoutes(app, ports, access);
  addEventRoutes(app, ports, access);
  addUnmatchedRoute(app, ports, access);
  addListenerRoutes(app, ports, access);
  addErasureRoutes(app, ports, access);
  addDeliveryRoutes(app, ports, access);
  addReplayRoutes(app, ports, access);
  addAttemptRoutes(app, ports, access);
  addRunningRoutes(app, ports, access);
  addBspkFace(app, ports, access);
  addSpektrFace(app, ports, access);
  // Loaded after what was registered before it, so that the table is full.
  void app.register((scope: Api, _options, done) => {
    refuseOtherMethods(
      scope,
      table.filter(({ path }) => !path.startsWith(BSPK_PREFIX) && path !== SPEKTR_EVENTS_PATH),
    );
    done();
  });
  return app;
}

/** Adds what goes on beside requests. Call it before any route is added that is to be audited. */
function addDuties(app: Api, ports: ApiPorts, { keyUses }: Access): void {
  app.addHook("onListen", async () => keyUses.start());
  app.addHook("onClose", () => keyUses.stop());
  const trail = createAuditTrail(ports);
  app.addHook("onRoute", trail.follow);
  app.addHook("onListen", async () => trail.start());
  app.addHook("onClose", async () => trail.stop());
}

function addRequestMembers(app: Api): void {
  app.decorateRequest("tenant");
  app.decorateRequest("caller");
  app.decorateRequest("keyRatePerSecond", 0);
  app.decorateRequest("problem");
}

/** Adds what is asked of a server that runs, and not of what it stores. */
function addRunningRoutes(app: Api, ports: ApiPorts, access: Access): void {
  addSendingRoutes(app, ports, access);
  addSystemRoutes(app, ports, access);
  addStreamRoutes(app, ports, access);
  addClockRoutes(app, ports, access);
  addStatRoutes(app, ports, access);
  addMetricsRoute(app, ports, access);
}

function addBrowserRoutes(app: Api, ports: ApiPorts, access: Access): void {
  addDashboardRoutes(app, ports);
  addSessionRoutes(app, ports, access);
  addPortalSessionRoutes(app, ports, access);
}

function checkDefaultContract({ contracts, defaultContract }: ApiPorts): void {
  if (!contracts.has(defaultContract)) {
    throw new Error(
      `the default contract is one of ${[...contracts.keys()].join(", ")}, got ${defaultContract}`,
    );
  }
}

/** Takes the caller's `X-Request-Id` where it can stand in a log as it is, else makes one. */
function requestIds({ random }: ApiPorts): (raw: IncomingMessage) => string {
  const prefix = `req_${Buffer.from(random.bytes(6)).toString("hex")}_`;
  let count = 0;
  return ({ headers }) => {
    const given = headers["x-request-id"];
    if (typeof given === "string" && /^[A-Za-z0-9_.-]{1,128}$/.test(given)) {
      return given;
    }
    count += 1;
    return prefix + count.toString(36);
  };
}

function addStandardHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    "x-request-id": request.id,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
}

/** Adds what happens to every request. Returns whether the application is closing. */
function addLifecycle(app: Api, { log, clock, movableClock }: ApiPorts): () => boolean {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onRequest", (request, reply, done) => {
    addStandardHeaders(request, reply);
    if (movableClock !== undefined) {
      // Node says what time it is on the machine; who looks at times wants to know what time it is here.
      reply.header("date", new Date(clock.now()).toUTCString());
    }
    done();
  });
  // Once it is known who asks, and before anything of the body is read.
  app.addHook("preParsing", async (request) => {
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      throw new Problem("unsupported_media_type", "Send the body without a content encoding.");
    }
  });
  app.addHook("onResponse", (request, reply, done) => {
    // The pattern and not the path: queries hold subjects, and paths hold what callers chose.
    log.debug("request answered", {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
    });
    done();
  });
  return () => isClosing;
}

function addBodyParser(app: Api): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, bytes, parsed) => {
    try {
      parsed(null, readJsonBody(Buffer.from(bytes)));
    } catch (error) {
      parsed(error instanceof Error ? error : new Error("the body cannot be read"));
    }
  });
}

function addErrorAnswers(app: Api, { log }: ApiPorts): void {
  answerErrors(app, log, sendProblem);
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new Problem("not_found", "No route has this path.")),
  );
}

/** Answers what the router could not read; no hook ran for it. */
function answerUnrouted(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  addStandardHeaders(request, reply);
  const problem = problemOf(error, request);
  void (request.url.startsWith(BSPK_PREFIX) ? sendBspkError(reply, problem) : sendProblem(reply, problem));
}
