/** Guards of the API, and of the process that serves it. */
import { type Edit, type Mutation, mutationsOf } from "./mutation.ts";

const CONNECTIONS = "server/src/api/connection-limits.test.ts";
const ISOLATION = "server/src/api/isolation.test.ts";

/** One is enough: each waits for half a minute until it gives up. */
const ONE_DAMAGE = { tests: ["test/e2e/damaged-rows.test.ts"], only: "a state of a later version" };

/** A mutation that one test of the command has to notice. */
function ofDoctor(name: string, only: string, edit: Edit): Mutation {
  return { name: `posthorn doctor: ${name}`, edits: [edit], tests: ["test/e2e/doctor.test.ts"], only };
}

export const SERVING_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "server/src/disk-space.ts",
    [
      "accepting begins and ends with every event",
      "free < kept * (wasFull ? AGAIN : 1)",
      "free < kept",
      "server/src/disk-space.test.ts",
    ],
    [
      "a small disk keeps nothing accepted at all",
      "Math.min(KEPT_BYTES, blocks * bsize * KEPT_SHARE)",
      "KEPT_BYTES",
      "server/src/disk-space.test.ts",
    ],
  ),
  ...mutationsOf("client/http-call.ts", [
    "the client is made for a url that is none",
    "if (!BASE.test(url)) {",
    "if (url === null) {",
    "client/client.test.ts",
  ]),
  ...mutationsOf("scripts/reference/client-examples.ts", [
    "an example of the client need not call what it is for",
    "if (unused.length > 0) {",
    "if (unused.length > 99) {",
    "scripts/reference/client-examples.test.ts",
  ]),
  ...mutationsOf("server/src/api/accept-events.ts", [
    "events are accepted although the disk is nearly full",
    "ports.disk?.isNearlyFull === true",
    "ports.disk?.isNearlyFull === undefined",
    "server/src/api/routes/accept.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/endpoint-view.ts",
    [
      "a list of endpoints counts what it need not, behind a hundred that are known to wait",
      "known >= knownMax",
      "known < 0",
      "server/src/api/endpoint-view.test.ts",
    ],
    [
      "what is becoming a retry is counted twice",
      "(view?.retries ?? stored.retries)",
      "stored.retries",
      "server/src/api/endpoint-view.test.ts",
    ],
    [
      "everybody sees what an endpoint's own headers say",
      'hasScope(caller, "endpoints:write") ? config.headers',
      'hasScope(caller, "endpoints:read") ? config.headers',
      "server/src/api/roles.test.ts",
    ],
    [
      "what stands in place of a header's value can be stored over it",
      'const WITHHELD = "…";',
      'const WITHHELD = "...";',
      "server/src/api/roles.test.ts",
    ],
  ),
  ofDoctor("a problem ends with 0", "finds a database", {
    file: "server/src/cli/doctor.ts",
    find: '({ status }) => status === "problem"',
    replace: "() => false",
  }),
  ofDoctor("a secret that does not open passes", "finds master keys", {
    file: "server/src/stored-secrets.ts",
    find: "if (openedText(seal, sealed, secretContext(tenant, endpoint)) === undefined) {",
    replace: "if (sealed.length === 0) {",
  }),
  ofDoctor("a database that was moved away passes", "finds a database", {
    file: "server/src/stores/sqlite/inspect.ts",
    find: "    assertStays(database, path);\n",
    replace: "",
  }),
  ofDoctor("an unknown name keeps it from the rest", "names an unknown setting", {
    file: "server/src/cli/doctor/configuration.ts",
    find: ".filter(([name]) => NAMES.includes(name))",
    replace: "",
  }),
  ...mutationsOf("server/src/cli/bench/signature.ts", [
    "the benchmark counts what nobody signed",
    "given.length === expected.length && timingSafeEqual(given, expected)",
    "given.length === expected.length",
    "server/src/cli/bench/receiver.test.ts",
  ]),
  ...mutationsOf(
    "server/src/cli/bench.ts",
    [
      "the benchmark leaves its tenant behind",
      "await client.deleteTenant(tenant).catch(",
      "await Promise.resolve(tenant).catch(",
      "test/e2e/bench-command.test.ts",
    ],
    [
      "the benchmark does not name the setting that it needs",
      'pointer === "/url"',
      "pointer === undefined",
      "test/e2e/bench-command.test.ts",
    ],
  ),
  ...mutationsOf("server/src/special-kinds.ts", [
    "what a listed network holds in its middle is passed over",
    "covers(network, address)",
    "false",
    "server/src/special-kinds.test.ts",
  ]),
  ...mutationsOf("server/src/standard-error.ts", [
    "a log that nobody can read ends the process",
    'stderr.on("error", ignore);',
    "",
    "test/machine/logging.test.ts",
  ]),
  {
    name: "an endpoint that cannot be read counts as one that can",
    edits: [
      {
        file: "server/src/stores/registry-rows.ts",
        find: "...(isWhole ? {} : { fault: ENDPOINT_UNREADABLE }),",
        replace: "",
      },
    ],
    ...ONE_DAMAGE,
  },
  {
    name: "a row that cannot be read is thrown at whoever reads others",
    edits: [
      {
        file: "server/src/stores/columns.ts",
        find: "} catch {\n    return undefined;",
        replace: "} catch (error) {\n    throw error;",
      },
    ],
    ...ONE_DAMAGE,
  },
  ...mutationsOf("server/src/api/endpoint-verbs.ts", [
    "a change undoes what came since it was decided",
    "...change, seen, now",
    "...change, now",
    "server/src/api/deleted-meanwhile.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/access.ts",
    [
      "a tenant's key reaches every tenant",
      'caller.kind === "tenant" && caller.tenant !== tenant.number',
      "false",
      ISOLATION,
    ],
    [
      "a key is valid for ever",
      "(found.expiresAt !== undefined && found.expiresAt <= now)",
      "false",
      "server/src/api/routes/tenants.test.ts",
    ],
  ),
  ...mutationsOf("server/src/api/caller.ts", [
    "every key has every scope",
    'return caller.kind === "admin" || (caller.key.scopes?.includes(scope) ?? true);',
    "return true;",
    "server/src/api/routes/tenants.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/connection-limits.ts",
    [
      "a connection may have any number of requests that wait",
      "if (openAnswers > pipelinedMax) {",
      "if (openAnswers < 0) {",
      CONNECTIONS,
    ],
    [
      "what follows a refused request is served",
      "refused.get(socket) ?? problemOf",
      "problemOf",
      CONNECTIONS,
    ],
    [
      "headers beyond the number are left out instead of refused",
      "if (rawHeaders.length > 2 * headersMax) {",
      "if (rawHeaders.length > 4 * headersMax) {",
      CONNECTIONS,
    ],
    [
      "connections that are idle keep others out",
      'server.on("drop", () => server.closeIdleConnections());',
      "",
      CONNECTIONS,
    ],
    [
      "slow clients are looked at every half minute",
      "connectionsCheckingInterval: limits.checkEveryMs,",
      "",
      CONNECTIONS,
    ],
  ),
  ...mutationsOf("server/src/api/client-error.ts", [
    "bytes that are no HTTP are answered in the middle of an answer",
    "!headersSent && !req.complete",
    "!headersSent || !req.complete",
    CONNECTIONS,
  ]),
  ...mutationsOf(
    "server/src/api/body-room.ts",
    [
      "one tenant's large bodies keep all others out",
      " || ofTenant + bytes > tenantBytesMax",
      "",
      "server/src/api/body-room.test.ts",
    ],
    [
      "the room of a body whose connection broke off is lost",
      "    open.whenOver(reply.raw, () => room.giveBack(body));\n",
      "",
      "server/src/api/body-room.test.ts",
    ],
  ),
  ...mutationsOf("server/src/api/routes/accept.ts", [
    "two idempotency keys are one of another name",
    'countOf("idempotency-key", raw.rawHeaders) > 1',
    "false",
    "server/src/api/routes/accept-headers.test.ts",
  ]),
  ...mutationsOf(
    "server/src/cli.ts",
    [
      "what nobody caught is printed by Node, with all that is in it",
      "endOnUncaught();\n",
      "",
      "test/e2e/canary-crash.test.ts",
    ],
    [
      "every command loads the log",
      'import { nearestHint } from "./nearest.ts";',
      'import "./log.ts";\nimport { nearestHint } from "./nearest.ts";',
      "test/e2e/command-line.test.ts",
    ],
  ),
  ...mutationsOf("server/src/cli/listen.ts", [
    "listen ends at an event that was erased",
    'const GONE = ["event_erased", ',
    "const GONE = [",
    "test/e2e/remote-commands.test.ts",
  ]),
  ...mutationsOf("server/src/cli/demo.ts", [
    "the demo prints a table where JSON is asked for",
    "if (values.json) {",
    "if (values.json && values.exit === undefined) {",
    "test/e2e/demo.test.ts",
  ]),
  ...mutationsOf("server/src/cli.ts", [
    "a command whose output nobody reads any more has failed",
    'if (error.code !== "EPIPE") {',
    "if (error.code !== undefined) {",
    "test/e2e/unread-output.test.ts",
  ]),
  ...mutationsOf("server/src/cli/remote/until-interrupted.ts", [
    "a command that goes on does so where nobody reads it any more",
    'process.stdout.once("error", end);',
    "",
    "test/e2e/unread-output.test.ts",
  ]),
  ...mutationsOf(
    "server/src/real-path.ts",
    [
      "a link that leads to no file yet has a lock of its own",
      "if (!isLink(place)) {",
      "if (links >= 0) {",
      "server/src/real-path.test.ts",
    ],
    [
      "a link to a link to no file yet is followed once",
      "links < LINKS_MAX",
      "links < 1",
      "server/src/real-path.test.ts",
    ],
  ),
  ...mutationsOf("server/src/cli/doctor/disk.ts", [
    "the doctor looks at the disk that a link lies on",
    "return dirname(realPathOf(path));",
    "return dirname(resolve(path));",
    "server/src/cli/doctor/disk.test.ts",
  ]),
  ...mutationsOf(
    "server/src/cli/supervisor.ts",
    [
      "a supervisor waits for signs of life in vain",
      "if (watchdogMs > 0) {",
      "if (watchdogMs > 1e9) {",
      "server/src/cli/supervisor.test.ts",
    ],
    [
      "systemd is told that it serves where no systemd waits",
      'if (env["NOTIFY_SOCKET"] === undefined) {',
      'if (env["NOTIFY_SOCKET"] === "") {',
      "server/src/cli/supervisor.test.ts",
    ],
  ),
  ...mutationsOf("server/src/cli/migrate.ts", [
    "migrate prints a sentence where JSON is asked for",
    "? JSON.stringify({ applied, missing })",
    '? "nothing"',
    "test/e2e/command-line.test.ts",
  ]),
  ...mutationsOf("server/src/given-text.ts", [
    "a wrong value of the configuration is shown whole",
    "text.length <= LENGTH_MAX ? text",
    "text.length >= 0 ? text",
    "server/src/config-poison.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/key-rates.ts",
    [
      "a key may ask as often as it likes",
      "if (waitMs > 0) {",
      "if (waitMs > 0 && now < 0) {",
      "server/src/api/key-rates.test.ts",
    ],
    [
      "a request that is refused uses up the key's rate",
      "waitMs > 0 ? before : fullAfterSending",
      "waitMs > 1e9 ? before : fullAfterSending",
      "server/src/api/key-rates.test.ts",
    ],
  ),
  ...mutationsOf(
    "server/src/api/endpoint-checks.ts",
    [
      "a customer's header may be one that the contract sets",
      "reservedHeaders.includes(lower);",
      "reservedHeaders.includes(name);",
      "server/src/api/endpoint-checks.test.ts",
    ],
    [
      "a header may be one that no request can carry",
      ": headerProblem(name, value);",
      ": undefined;",
      "server/src/api/endpoint-checks.test.ts",
    ],
    [
      "a header is known by its spelling",
      "const isRepeated = seen.has(lower);",
      "const isRepeated = seen.has(name);",
      "server/src/api/endpoint-checks.test.ts",
    ],
  ),
  ...mutationsOf(
    "server/src/api/access.ts",
    [
      "any key reads the metrics",
      "return isAny && timingSafeEqual(digestOf(key), metricsKeyHash);",
      'return isAny || timingSafeEqual(digestOf(key ?? ""), digestOf(""));',
      "server/src/api/routes/metrics.test.ts",
    ],
    [
      "the key of the metrics is an admin key",
      "adminKeyHash !== undefined && timingSafeEqual(digest, adminKeyHash);",
      "[adminKeyHash, metricsKeyHash].some((hash) => hash !== undefined && timingSafeEqual(digest, hash));",
      "server/src/api/routes/metrics.test.ts",
    ],
  ),
  ...mutationsOf("server/src/seal.ts", [
    "a sealed secret opens anywhere",
    'return Buffer.concat([head, Buffer.from(context, "utf8")]);',
    'return Buffer.concat([head, Buffer.from(context.slice(0, 0), "utf8")]);',
    "server/src/seal.test.ts",
  ]),
  ...mutationsOf("server/src/stored-secrets.ts", [
    "a server starts without the key of its secrets",
    "if (survey.unknownKeyIds.size > 0) {",
    "if (survey.unknownKeyIds.size > 1) {",
    "test/crash/master-key.test.ts",
  ]),
  ...mutationsOf("contracts/retry-after.ts", [
    "a receiver may ask for any wait",
    "return Math.min(Number(value) * 1_000, retryAfterMsMax);",
    "return Number(value) * 1_000;",
    "contracts/retry-after.test.ts",
  ]),
  ...mutationsOf("server/src/api/key-uses.ts", [
    "a timer rings every minute although no key was used",
    " && waiting.size > 0",
    "",
    "server/src/api/key-uses.test.ts",
  ]),
];
