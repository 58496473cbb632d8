/** Guards of the stores and of the API: durability, fencing, tenants, secrets. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SQLITE = "server/src/stores/sqlite";
const SQLITE_STORE = `${SQLITE}/open.test.ts`;
const POSTGRES = "server/src/stores/postgres";
const POSTGRES_STORE = "server/src/stores/postgres/open.test.ts";
const MEMORY = "server/src/stores/memory";
const MEMORY_STORE = "server/src/stores/memory.test.ts";
const CONNECTIONS = "server/src/api/connection-limits.test.ts";
const ISOLATION = "server/src/api/isolation.test.ts";

/** One is enough: each waits for half a minute until it gives up. */
const ONE_DAMAGE = { tests: ["test/e2e/damaged-rows.test.ts"], only: "a state of a later version" };

export const STORE_MUTATIONS: readonly Mutation[] = [
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
        file: "server/src/stores/rows.ts",
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
  ...mutationsOf(`${POSTGRES}/queries/log.ts`, [
    "a start waits for a flush of a node that stands still",
    "  WHERE NOT EXISTS (SELECT 1 FROM lease WHERE lease.shard = shard.shard)\n",
    "",
    `${POSTGRES}/leases.test.ts`,
  ]),
  ...mutationsOf(
    `${SQLITE}/restoration.ts`,
    [
      "a restored log gives ids of lost events again",
      "offsetAt(now + AHEAD_MS)",
      "offsetAt(now)",
      `${SQLITE}/backup.test.ts`,
    ],
    [
      "a resumed database is paused again at its next start",
      "await write(() => database.prepare(DELETE_META).run(BACKED_UP_AT));",
      "await write(() => undefined);",
      `${SQLITE}/backup.test.ts`,
    ],
  ),
  ...mutationsOf(`${SQLITE}/errors.ts`, [
    "a failed fsync is tried again",
    "return code === SQLITE_IOERR || ",
    "return ",
    "test/machine/disk.test.ts",
  ]),
  ...mutationsOf(
    `${SQLITE}/connection.ts`,
    [
      "a commit may be lost with the power",
      "const SYNCHRONOUS_FULL = 2;",
      "const SYNCHRONOUS_FULL = 1;",
      `${SQLITE}/connection.test.ts`,
      `${SQLITE}/durability.test.ts`,
    ],
    [
      "what the database made of a setting is not read back",
      "if (found !== value) {",
      "if (false) {",
      `${SQLITE}/connection.test.ts`,
    ],
    [
      "an old SQLite that loses commits is good enough",
      "assertVersion(database);\n  database.exec",
      "database.exec",
      `${SQLITE}/connection.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${SQLITE}/queries/facts.ts`,
    [
      "an old epoch writes (SQLite)",
      "\n    AND epoch = ?2\n    AND (?5 = 0",
      "\n    AND ?2 = ?2\n    AND (?5 = 0",
      SQLITE_STORE,
    ],
    [
      "an attempt is written over (SQLite)",
      "?, ?, ?, ?)\n  ON CONFLICT DO NOTHING`;",
      "?, ?, ?, ?)\n  ON CONFLICT DO UPDATE SET verdict = excluded.verdict`;",
      SQLITE_STORE,
    ],
  ),
  ...mutationsOf(`${SQLITE}/errors.ts`, [
    "what can never be stored is told as what may pass",
    "throw isRefusal(error) ? new StoreRefusal(error) : error;",
    "throw error;",
    SQLITE_STORE,
  ]),
  ...mutationsOf("server/src/stores/placement.ts", [
    "events of a deleted tenant are stored",
    "known.isLive(submission.tenant) ?",
    "true ?",
    SQLITE_STORE,
  ]),
  ...mutationsOf("server/src/api/endpoint-verbs.ts", [
    "a change undoes what came since it was decided",
    "...change, seen, now",
    "...change, now",
    "server/src/api/deleted-meanwhile.test.ts",
  ]),
  ...mutationsOf(`${MEMORY}/flush.ts`, [
    "what a flush raises is told again when it is written again (memory)",
    "facts.flush !== 0 && facts.flush <= state.lease.flushes",
    "false",
    MEMORY_STORE,
  ]),
  ...mutationsOf(`${SQLITE}/queries/facts.ts`, [
    "what a flush raises is told again when it is written again (SQLite)",
    "AND (?5 = 0 OR flushes < ?5)",
    "AND ?5 IS NOT NULL",
    SQLITE_STORE,
  ]),
  ...mutationsOf(`${POSTGRES}/queries/facts.ts`, [
    "what a flush raises is told again when it is written again (PostgreSQL)",
    "AND ($5 = 0 OR flushes < $5)",
    "AND $5::bigint IS NOT NULL",
    POSTGRES_STORE,
  ]),
  ...mutationsOf(`${MEMORY}/flush.ts`, [
    "an old epoch writes (memory)",
    "if (lease.epoch !== state.lease.epoch) {",
    "if (false) {",
    MEMORY_STORE,
  ]),
  ...mutationsOf(`${SQLITE}/reader.ts`, [
    "another tenant's event is read",
    'row === undefined || row["tenant"] !== tenant ? undefined : eventOf(row)',
    "row === undefined ? undefined : eventOf(row)",
    SQLITE_STORE,
  ]),
  ...mutationsOf(
    "server/src/stores/scans.ts",
    [
      "another tenant's attempts are listed",
      'row["tenant"] === tenant &&\n      (endpoint === undefined',
      "(endpoint === undefined",
      SQLITE_STORE,
    ],
    [
      "another tenant's events are listed",
      'row["tenant"] === query.tenant &&\n      (type === undefined',
      "(type === undefined",
      SQLITE_STORE,
    ],
  ),
  ...mutationsOf(`${SQLITE}/queries/registry.ts`, [
    "another tenant's endpoint is found",
    "WHERE number = ?2\n    AND tenant = ?1\n    AND deleted_at IS NULL`;",
    "WHERE number = ?2\n    AND ?1 = ?1\n    AND deleted_at IS NULL`;",
    SQLITE_STORE,
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
    [
      "every key has every scope",
      'return caller.kind === "admin" || (caller.key.scopes?.includes(scope) ?? true);',
      "return true;",
      "server/src/api/routes/tenants.test.ts",
    ],
  ),
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
  ...mutationsOf("server/src/engine/acceptor.ts", [
    "any number of small events may wait for a commit",
    "room.events + events <= limits.acceptWaitingEventsMax",
    "events > 0",
    "server/src/engine/acceptor.test.ts",
  ]),
  ...mutationsOf("server/src/api/routes/accept.ts", [
    "two idempotency keys are one of another name",
    'countOf("idempotency-key", raw.rawHeaders) > 1',
    "false",
    "server/src/api/routes/accept-headers.test.ts",
  ]),
  ...mutationsOf("server/src/cli.ts", [
    "what nobody caught is printed by Node, with all that is in it",
    'endOnUncaught(createLog({ level: "error" }));\n',
    "",
    "test/e2e/canary-crash.test.ts",
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
  ...mutationsOf("server/src/seal.ts", [
    "a sealed secret opens anywhere",
    'return Buffer.concat([head, Buffer.from(context, "utf8")]);',
    'return Buffer.concat([head, Buffer.from(context.slice(0, 0), "utf8")]);',
    "server/src/seal.test.ts",
  ]),
  ...mutationsOf(`${SQLITE}/errors.ts`, [
    "a full disk is called a fault of ours",
    "    case SQLITE_FULL:\n",
    "",
    `${SQLITE}/writer.test.ts`,
  ]),
  ...mutationsOf(`${SQLITE}/queries/secrets.ts`, [
    "a secret that changed meanwhile is overwritten by a rotation of the master key",
    "AND sealed = ?3`;",
    "AND ?3 IS NOT NULL`;",
    SQLITE_STORE,
  ]),
  ...mutationsOf("server/src/main.ts", [
    "a server starts without the key of its secrets",
    "if (unknownKeyIds.size > 0) {",
    "if (unknownKeyIds.size > 1) {",
    "test/crash/master-key.test.ts",
  ]),
  ...mutationsOf(
    "server/src/log.ts",
    [
      "a log line tells the text of an error",
      "return { class: fault.constructor.name, code, frames: framesOf(fault) };",
      "return { class: fault.constructor.name, code, message: fault.message, frames: framesOf(fault) };",
      "server/src/log.test.ts",
    ],
    [
      "a log line has secrets",
      'redact: { paths: BLANKED, censor: "[blanked]" },',
      "",
      "server/src/log.test.ts",
    ],
  ),
  ...mutationsOf("contracts/retry-after.ts", [
    "a receiver may ask for any wait",
    "return Math.min(Number(value) * 1_000, retryAfterMsMax);",
    "return Number(value) * 1_000;",
    "contracts/retry-after.test.ts",
  ]),
  ...mutationsOf(`${POSTGRES}/queries/facts.ts`, [
    "a flush under an old epoch is written (PostgreSQL)",
    "WHERE shard = $1\n    AND epoch = $2\n    AND ($5 = 0",
    "WHERE shard = $1\n    AND $2::bigint IS NOT NULL\n    AND ($5 = 0",
    POSTGRES_STORE,
  ]),
  ...mutationsOf(`${POSTGRES}/queries/log.ts`, [
    "another tenant's event is read (PostgreSQL)",
    'AND "offset" = $2\n    AND tenant = $3`;',
    'AND "offset" = $2\n    AND $3::bigint IS NOT NULL`;',
    POSTGRES_STORE,
  ]),
  ...mutationsOf(`${POSTGRES}/append.ts`, [
    "a key that is there stores its event again (PostgreSQL)",
    "          keys = await findKeys(session, shard, submissions);",
    "",
    POSTGRES_STORE,
  ]),
  ...mutationsOf(`${POSTGRES}/queries/facts.ts`, [
    "a lease is taken while another process holds it (PostgreSQL)",
    "AND (holder = $2 OR held_until <= clock_timestamp())",
    "AND ($2::text IS NOT NULL)",
    `${POSTGRES}/leases.test.ts`,
  ]),
  ...mutationsOf(
    `${SQLITE}/queries/gaps.ts`,
    [
      "reading one endpoint's gaps looks at everybody's wide ones (SQLite)",
      "INDEXED BY gap_of_many_of_endpoint",
      "INDEXED BY gap_of_many",
      `${SQLITE}/gaps.test.ts`,
    ],
    [
      "reading one endpoint's gaps looks at everybody's (SQLite)",
      "FROM gap NOT INDEXED",
      "FROM gap INDEXED BY gap_of_one",
      `${SQLITE}/gaps.test.ts`,
    ],
  ),
  ...mutationsOf(`${POSTGRES}/queries/gaps.ts`, [
    "reading one endpoint's gaps looks at everybody's (PostgreSQL)",
    "    AND from_offset BETWEEN $2 AND $3\n    AND from_offset = to_offset",
    "    AND to_offset BETWEEN $2 AND $3\n    AND from_offset = to_offset",
    `${POSTGRES}/gaps.test.ts`,
  ]),
];
