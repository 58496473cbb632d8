/** Guards of the stores: durability, fencing, tenants, secrets. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SQLITE = "server/src/stores/sqlite";
const SQLITE_STORE = `${SQLITE}/open.test.ts`;
const POSTGRES = "server/src/stores/postgres";
const POSTGRES_STORE = "server/src/stores/postgres/open.test.ts";
const MEMORY = "server/src/stores/memory";
const MEMORY_STORE = "server/src/stores/memory.test.ts";

export const STORE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf("server/src/api/tenant-endpoints.ts", [
    "an endpoint is found for another tenant by its number",
    "found?.tenant === tenant.number ? found : undefined",
    "found",
    "server/src/api/tenant-endpoints.test.ts",
  ]),
  ...mutationsOf(`${SQLITE}/registry.ts`, [
    "a tenant in a file has any number of endpoints",
    '"count") < endpointsMax;',
    '"count") >= 0;',
    SQLITE_STORE,
  ]),
  ...mutationsOf(`${POSTGRES}/registry.ts`, [
    "creations at once give a tenant more endpoints than it may have",
    "const isFull = (await countLeft(session, draft)) <= 0;",
    "const isFull = false;",
    POSTGRES_STORE,
  ]),
  ...mutationsOf(
    `${POSTGRES}/endpoints.ts`,
    [
      "routes that are changed while they are read come half as they were",
      "database.snapshot(async (session) =>\n    joinedEndpoints({",
      "database.transaction(async (session) =>\n    joinedEndpoints({",
      `${POSTGRES}/endpoints.test.ts`,
    ],
    [
      "endpoints that are changed while they are read come half as they were",
      "database.snapshot(async (session) =>\n    joinedWithoutSecrets({",
      "database.transaction(async (session) =>\n    joinedWithoutSecrets({",
      `${POSTGRES}/endpoints.test.ts`,
    ],
  ),
  ...mutationsOf(`${SQLITE}/log-keeper.ts`, [
    "a log that is written all the while is never begun anew",
    "finish.get();",
    "",
    `${SQLITE}/log-keeper.test.ts`,
  ]),
  ...mutationsOf(`${POSTGRES}/lineage.ts`, [
    "a restored database sends again what was delivered since it was backed up",
    `if (wentBack === "restored") {`,
    "if (false) {",
    "test/postgres/went-back.test.ts",
  ]),
  ...mutationsOf(
    `${POSTGRES}/compactor.ts`,
    [
      "a table that an old transaction still makes grow is copied with all its versions",
      " || (await isPinned(table, bytes))",
      "",
      `${POSTGRES}/compactor.test.ts`,
    ],
    [
      "a table that somebody holds is asked for again and again, and everybody waits behind that",
      "    passedOver.set(table.name, LOOKS_PASSED_OVER);\n",
      "",
      `${POSTGRES}/compactor.test.ts`,
    ],
  ),
  ...mutationsOf("server/src/regularly.ts", [
    "what is done regularly and was stopped while it was at work goes on",
    "      isStopped = true;\n",
    "",
    `${POSTGRES}/upkeep.test.ts`,
  ]),
  ...mutationsOf(`${POSTGRES}/queries/log.ts`, [
    "a start waits for a flush of a node that stands still",
    "  WHERE NOT EXISTS (SELECT 1 FROM lease WHERE lease.shard = shard.shard)\n",
    "",
    `${POSTGRES}/leases.test.ts`,
  ]),
  ...mutationsOf(`${SQLITE}/leaving.ts`, [
    "a power cut lets a file be served again beside the database that it was moved to",
    `  database.exec("PRAGMA synchronous = FULL");\n`,
    "",
    "test/machine/moved-mark.test.ts",
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
  ...mutationsOf(
    `${SQLITE}/writer.ts`,
    [
      "a commit is answered before it is synced, and lost with the power",
      "    wal.sync((error) => {",
      "    setImmediate((error: Error | null = null) => {",
      `${SQLITE}/writer.test.ts`,
      "test/machine/power-loss.test.ts",
    ],
    [
      "a failed sync is tried again",
      "        refuse(error);\n        rejectAll",
      "        rejectAll",
      `${SQLITE}/writer.test.ts`,
      "test/machine/disk.test.ts",
    ],
    [
      "two syncs are under way at once",
      "    if (syncing !== undefined) {\n      // What waits",
      "    if (syncing === null) {\n      // What waits",
      `${SQLITE}/writer.test.ts`,
    ],
    [
      "the disk waits for what follows from answers",
      "queueMicrotask(writeGroup)",
      "setImmediate(writeGroup)",
      `${SQLITE}/writer.test.ts`,
    ],
    [
      "who waits for what is durable reads what is not",
      "      syncing?.resolve();\n      syncing = undefined;\n      if (error === null) {\n",
      "      const { resolve } = syncing ?? { resolve: () => undefined };\n      syncing = undefined;\n" +
        "      setImmediate(resolve);\n      if (error === null) {\n",
      `${SQLITE}/writer.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${SQLITE}/lookups.ts`,
    [
      "a key that was revoked lets in who has used it before",
      "          forget();\n",
      "",
      `${SQLITE}/lookups.test.ts`,
    ],
    [
      "whoever asks for what is not there puts out what is",
      "if (found !== undefined) {",
      "if (found !== null) {",
      `${SQLITE}/lookups.test.ts`,
    ],
    [
      "a store that is closed answers from memory",
      "        connections.assertOpen();\n",
      "",
      `${SQLITE}/lookups.test.ts`,
    ],
    [
      "any number of tenants and keys is kept in memory",
      "cache.set(key, found, 1)",
      "cache.set(key, found, 0)",
      `${SQLITE}/lookups.test.ts`,
    ],
  ),
  ...mutationsOf(`${SQLITE}/open.ts`, [
    "what is read may be lost with the power",
    "        await writer.syncing;\n",
    "        break;\n",
    `${SQLITE}/durability.test.ts`,
  ]),
  ...mutationsOf(`${SQLITE}/errors.ts`, [
    "a failed fsync is tried again",
    "return code === SQLITE_IOERR || ",
    "return ",
    "test/machine/disk.test.ts",
  ]),
  ...mutationsOf(
    `${SQLITE}/connection.ts`,
    [
      "a power cut while the log begins anew may leave a file that is not whole",
      "const SYNCHRONOUS_NORMAL = 1;",
      "const SYNCHRONOUS_NORMAL = 0;",
      `${SQLITE}/connection.test.ts`,
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
  ...mutationsOf("server/src/described-fault.ts", [
    "a log line tells the text of an error",
    "return { class: fault.constructor.name, code, frames: framesOf(fault) };",
    "return { class: fault.constructor.name, code, message: fault.message, frames: framesOf(fault) };",
    "server/src/log.test.ts",
  ]),
  ...mutationsOf("server/src/log.ts", [
    "a log line has secrets",
    'redact: { paths: BLANKED, censor: "[blanked]" },',
    "",
    "server/src/log.test.ts",
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
];
