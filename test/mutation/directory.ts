/** Guards of the directory: what it leaves out is never sent, and what is erased is not in it. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const DIRECTORY = "server/src/stores/directory";
const SQLITE = "server/src/stores/sqlite";
const PLANS = "server/src/stores/postgres/plans.test.ts";
const SQLITE_ERASURE = `${SQLITE}/erasure.test.ts`;

export const DIRECTORY_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${DIRECTORY}/pieces.ts`,
    [
      "what lies between two blocks is not looked at",
      "if (unknown.after < unknown.to) {",
      "if (false) {",
      `${DIRECTORY}/look.test.ts`,
    ],
    [
      "what follows the last block is not looked at",
      "if (after < to) {",
      "if (false) {",
      `${DIRECTORY}/look.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${DIRECTORY}/block.ts`,
    [
      "a block of another version is read as if it were of this one",
      "if (reader.number() !== VERSION) {",
      "if (reader.number() === 0) {",
      `${DIRECTORY}/block.test.ts`,
    ],
    [
      "events for one endpoint are passed over by what others subscribe to",
      "(hasAddressed && kind % 2 === 1) || ",
      "",
      `${DIRECTORY}/block.test.ts`,
    ],
  ),
  ...mutationsOf("server/src/stores/postgres/directory.ts", [
    "who looks for what is seldom reads as many large blocks as there are",
    "Math.max(1, Math.ceil(bytes / BYTES_OF_A_LOOK))",
    "1",
    "server/src/stores/postgres/look-through.test.ts",
  ]),
  ...mutationsOf(
    "server/src/engine/indexer.ts",
    [
      "what an owner before has routed stays out of the directory, which says it is in it",
      "routed.after > gatheredTo || isDoubtful",
      "isDoubtful",
      "server/src/engine/indexer.test.ts",
    ],
    [
      "what was read before an erasure is believed",
      "if (payloads.forgettings === forgettings) {",
      "if (true) {",
      "server/src/engine/indexer.test.ts",
    ],
  ),
  ...mutationsOf("server/src/engine/owed.ts", [
    "a lane that is behind passes over what it was owed by the version in force where it stands",
    "version === current || version.since > after",
    "version.since > after",
    "server/src/engine/owed.test.ts",
  ]),
  ...mutationsOf("server/src/engine/lane-reader.ts", [
    "a lane that is behind reads what its endpoint does not want",
    "      types: typesOwedAfter(lane.route, after),\n",
    "",
    "server/src/engine/lane-reader.test.ts",
  ]),
  ...mutationsOf("server/src/engine/eraser.ts", [
    "the subject of what is erased comes into the directory later",
    "        indexer.forget(offsets);\n",
    "",
    "server/src/engine/indexer.test.ts",
  ]),
  ...mutationsOf(`${SQLITE}/erasure.ts`, [
    "the directory keeps the subjects of what is erased",
    "      forgetSubjects(erased);\n",
    "",
    SQLITE_ERASURE,
  ]),
  ...mutationsOf(`${SQLITE}/queries/directory.ts`, [
    "a block that is written again brings back the subjects of what is erased",
    "ON CONFLICT DO NOTHING",
    "ON CONFLICT DO UPDATE SET block = excluded.block",
    SQLITE_ERASURE,
  ]),
  ...mutationsOf(
    "server/src/stores/postgres/queries/directory.ts",
    [
      "a block that does not say whose events it has is passed over",
      "IS NOT FALSE THEN encode",
      "IS TRUE THEN encode",
      "server/src/stores/postgres/directory.test.ts",
    ],
    [
      "every block is read for a tenant that has nothing in it",
      "CASE WHEN ($5::bigint = ANY (tenants)) IS NOT FALSE THEN encode",
      "CASE WHEN $5::bigint > 0 THEN encode",
      "server/src/stores/postgres/directory.test.ts",
    ],
  ),
  ...mutationsOf(
    "server/src/stores/postgres/queries/over-part.ts",
    [
      "all of a stretch is read for a few offsets in it",
      "statement(rowsAt(table, offsets, `${after}::bigint < ${to}::bigint`))",
      'statement(`(SELECT * FROM ${table} WHERE shard = $1 AND "offset" > ${after} AND "offset" <= ${to} ' +
        'AND (${offsets}::bigint[] IS NULL OR "offset" = ANY (${offsets}))) AS ${table}`)',
      "server/src/stores/postgres/directory.test.ts",
    ],
    [
      "all of a new table is read for a few offsets in it",
      `FROM unnest(\${offsets}::bigint[]) AS asked ("offset"), LATERAL (
      SELECT *
      FROM \${table}
      WHERE shard = $1
        AND \${table}."offset" = asked."offset"
        AND \${condition}
      OFFSET 0
    ) AS \${table}`,
      'FROM ${table} WHERE shard = $1 AND "offset" = ANY (${offsets}::bigint[]) AND ${condition}',
      PLANS,
    ],
  ),
  ...mutationsOf(
    "server/src/stores/postgres/directory.ts",
    [
      "a list reads all that it may look at, however soon its page is full",
      " || isPage(rows);",
      ";",
      "server/src/stores/postgres/look-through.test.ts",
    ],
    [
      "a list waits for the end of many blocks before it reads what would fill its page",
      " || toRead > page) {",
      ") {",
      "server/src/stores/postgres/look-through.test.ts",
    ],
  ),
  ...mutationsOf(
    "server/src/stores/postgres/queries/log.ts",
    [
      "all of a new log is read for a few events of it",
      '      AND event."offset" = asked."offset"\n    OFFSET 0\n',
      '      AND event."offset" = asked."offset"\n',
      PLANS,
    ],
    [
      "every fact of an endpoint is read for a few events, where the table is new",
      "            AND verdict IN ('delivered', 'rejected')\n          OFFSET 0\n",
      "            AND verdict IN ('delivered', 'rejected')\n",
      PLANS,
    ],
  ),
];
