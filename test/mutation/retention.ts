/** Guards of retention: what it forgets was owed to nobody. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const STORES = "server/src/stores";
const MEMORY_STORE = `${STORES}/memory.test.ts`;
const SQLITE_STORE = `${STORES}/sqlite/open.test.ts`;
const AGEING = "server/src/engine/ageing.test.ts";
const STAT_KEEPER = "server/src/engine/stat-keeper.test.ts";
const PLANS = `${STORES}/postgres/plans.test.ts`;
const POSTGRES_STORE = `${STORES}/postgres/open.test.ts`;

export const RETENTION_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${STORES}/sqlite/queries/erasure.ts`,
    [
      "an erasure leaves extensions (SQLite)",
      "data = X'',\n      extensions = NULL\n",
      "data = X''\n",
      `${STORES}/sqlite/erasure.test.ts`,
    ],
    [
      "an erasure goes through all that it erases for each key (SQLite)",
      "WHERE offset BETWEEN",
      "WHERE +offset BETWEEN",
      `${STORES}/sqlite/erasure.test.ts`,
    ],
  ),
  ...mutationsOf(`${STORES}/sqlite/erasure.ts`, [
    "what was erased before is erased with the next step (SQLite)",
    "    forget.run();\n",
    "",
    SQLITE_STORE,
  ]),
  ...mutationsOf(
    `${STORES}/postgres/queries/erasure.ts`,
    [
      "an erasure leaves extensions (PostgreSQL)",
      "data = '',\n      extensions = NULL\n",
      "data = ''\n",
      POSTGRES_STORE,
    ],
    [
      "an erasure goes through all that it erases for each key (PostgreSQL)",
      `AND width_bucket(first_offset - 1, erased.offsets)
      < width_bucket(first_offset + count - 1, erased.offsets)`,
      `AND EXISTS (
        SELECT 1
        FROM unnest(erased.offsets) AS each ("offset")
        WHERE each."offset" BETWEEN first_offset AND first_offset + count - 1
      )`,
      PLANS,
    ],
    [
      "a key of several events goes by its first alone (PostgreSQL)",
      "width_bucket(first_offset + count - 1, erased.offsets)",
      "width_bucket(first_offset, erased.offsets)",
      POSTGRES_STORE,
    ],
    [
      "all of a new log is read for what is erased",
      `FROM \${fewOffsets("SELECT $2::bigint[]")}`,
      'FROM unnest($2::bigint[]) AS asked ("offset")',
      PLANS,
    ],
  ),
  ...mutationsOf(`${STORES}/postgres/queries/ageing.ts`, [
    "ageing reads every attempt there is for a page of events",
    "          AND started_at > $5\n        OFFSET 0\n",
    "          AND started_at > $5\n",
    PLANS,
  ]),
  ...mutationsOf("server/src/api/asked-events.ts", [
    "another extension is the same event",
    "extensions === undefined ? [] : [meaningOf(extensions)]",
    "[]",
    "server/src/api/routes/accept-cloudevents.test.ts",
  ]),
  ...mutationsOf(
    "server/src/engine/stat-keeper.ts",
    ["an event is counted by two owners", "offset > countedTo", "offset > 0", STAT_KEEPER],
    ["what is counted has no limit", "rowCount < ROWS_MAX", "true", STAT_KEEPER],
    ["a replay counts as a delivery", "attempt.cursor !== LIVE", "false", STAT_KEEPER],
  ),
  ...mutationsOf(
    "server/src/engine/ageing.ts",
    ["what is not over ages", "aged.isOver && !isLeft(aged)", "!isLeft(aged)", AGEING],
    ["what a lane still needs ages", "aged.isOver && !isLeft(aged)", "aged.isOver", AGEING],
    [
      "what was not over is not looked at again",
      "after: waits === undefined ? after : waits - 1",
      "after",
      AGEING,
    ],
    [
      "a tenant's new time is not for what was looked at",
      "known?.members === members ? known.after : 0",
      "known?.after ?? 0",
      AGEING,
    ],
    [
      "a tenant keeps something for longer than its installation",
      "if (days < most) {",
      "if (true) {",
      AGEING,
    ],
  ),
  ...mutationsOf(`${STORES}/scans.ts`, [
    "nothing says that a look has come to its end",
    "last === undefined ? Math.max(after, to) : integerIn(last",
    "last === undefined ? to : integerIn(last",
    SQLITE_STORE,
  ]),
  ...mutationsOf(`${STORES}/sqlite/ageing.ts`, [
    "what is in flight ages (SQLite)",
    "Math.min(query.to, checkpoint)",
    "Math.max(query.to, checkpoint)",
    SQLITE_STORE,
  ]),
  ...mutationsOf(`${STORES}/postgres/ageing.ts`, [
    "what is in flight ages (PostgreSQL)",
    'Math.min(asked, integerIn(row, "checkpoint"))',
    'Math.max(asked, integerIn(row, "checkpoint"))',
    POSTGRES_STORE,
  ]),
  ...mutationsOf(
    `${STORES}/memory/retention.ts`,
    ["what is in flight is forgotten", "    lease.checkpoint,\n", "", MEMORY_STORE],
    [
      "what a lane has not come to is forgotten",
      "    ...[...lanes.values()].map(({ position }) => position),\n",
      "",
      MEMORY_STORE,
    ],
    [
      "an event that waits in retry is forgotten",
      "    ...waiting.map(({ offset }) => offset - 1),\n",
      "",
      MEMORY_STORE,
    ],
    [
      "a replay is forgotten before it has ended",
      "ended !== undefined && ended.at <= endAt",
      "(ended?.at ?? 0) <= endAt",
      MEMORY_STORE,
    ],
    ["a replay of one delivery is forgotten while it waits", " && !waiting.has(number)", "", MEMORY_STORE],
    ["the number of a replay is given again", " && number < greatest", "", MEMORY_STORE],
  ),
  ...mutationsOf(`${STORES}/memory/replays.ts`, [
    "the number of a replay of a range is given again",
    "RANGE_REPLAYS_FROM + state.rangeReplaysAsked",
    "RANGE_REPLAYS_FROM + rangeReplays.size",
    MEMORY_STORE,
  ]),
  ...mutationsOf(
    `${STORES}/sqlite/queries/retention.ts`,
    [
      "what is in flight is forgotten (SQLite)",
      "    (SELECT MIN(checkpoint) FROM lease),\n",
      "",
      SQLITE_STORE,
    ],
    [
      "what a lane has not come to is forgotten (SQLite)",
      "    COALESCE((SELECT MIN(position) FROM lane), ?1),\n",
      "",
      SQLITE_STORE,
    ],
    [
      "an event that waits in retry is forgotten (SQLite)",
      "COALESCE((SELECT offset - 1 FROM retry WHERE cursor = 0 ORDER BY offset LIMIT 1), ?1)",
      "?1",
      SQLITE_STORE,
    ],
    [
      "a replay is forgotten before it has ended (SQLite)",
      "WHERE ended_at <= ?1",
      "WHERE COALESCE(ended_at, 0) <= ?1",
      SQLITE_STORE,
    ],
    [
      "a replay of one delivery is forgotten while it waits (SQLite)",
      "          AND cursor = replay.number\n",
      "          AND cursor = 0\n",
      SQLITE_STORE,
    ],
    [
      "the number of a replay is given again (SQLite)",
      "      AND number < (SELECT MAX(number) FROM replay)\n",
      "",
      SQLITE_STORE,
    ],
  ),
  ...mutationsOf(
    `${STORES}/postgres/queries/retention.ts`,
    [
      "what is in flight is forgotten (PostgreSQL)",
      "    (SELECT min(checkpoint) FROM lease JOIN shard USING (shard) WHERE checkpoint < head),\n",
      "",
      `${STORES}/postgres/retention.test.ts`,
    ],
    [
      "what a lane has not come to is forgotten (PostgreSQL)",
      "    (SELECT min(position) FROM lane),\n",
      "",
      POSTGRES_STORE,
    ],
    [
      "an event that waits in retry is forgotten (PostgreSQL)",
      `(SELECT min("offset") - 1 FROM retry WHERE cursor = 0)`,
      "$1::bigint",
      POSTGRES_STORE,
    ],
    [
      "a replay is forgotten before it has ended (PostgreSQL)",
      "WHERE ended_at <= $1",
      "WHERE coalesce(ended_at, 0) <= $1",
      POSTGRES_STORE,
    ],
    [
      "a replay of one delivery is forgotten while it waits (PostgreSQL)",
      "          AND retry.cursor = asked.number\n",
      "          AND retry.cursor = 0\n",
      POSTGRES_STORE,
    ],
    [
      "the number of a replay is given again (PostgreSQL)",
      "      AND number < (SELECT max(number) FROM replay WHERE shard = asked.shard)\n",
      "",
      POSTGRES_STORE,
    ],
  ),
  ...mutationsOf("server/src/engine/retention.ts", [
    "what is too old is forgotten before it expires",
    "    await expireAll(to);\n",
    "",
    "server/src/engine/retention.test.ts",
  ]),
  ...mutationsOf("server/src/engine/retention.ts", [
    "every owner forgets the log of all shards",
    "lease === store.leases()[0]",
    "store.leases().includes(lease)",
    "server/src/engine/retention.test.ts",
  ]),
  ...mutationsOf("server/src/engine/retention.ts", [
    "a clock that is years behind has ended replays forgotten",
    "    if (to < 0) {",
    "    if (to < -Infinity) {",
    "server/src/engine/retention.test.ts",
  ]),
  ...mutationsOf("server/src/engine/owner.ts", [
    "a restored database forgets before a person has looked",
    "      resume();\n    }\n",
    "      dispatcher.start();\n    }\n    retention.start();\n",
    "server/src/engine/expiring.test.ts",
  ]),
  ...mutationsOf(`${STORES}/postgres/queries/retention.ts`, [
    "a node whose clock is ahead forgets what is not routed",
    "    (SELECT max(checkpoint) FROM lease),\n",
    "",
    POSTGRES_STORE,
  ]),
  ...mutationsOf(`${STORES}/postgres/partitions.ts`, [
    "a partition goes while some of it is not over",
    "lastOffsetIn(table, name) <= end",
    "lastOffsetIn(table, name) <= end + 1",
    `${STORES}/postgres/partitions.test.ts`,
  ]),
];
