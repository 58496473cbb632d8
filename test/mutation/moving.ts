/** Guards of a move between databases: nobody serves both, nothing is missing, and a kill ends nothing. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const MOVING = "server/src/stores/moving";
const MOVE = "test/moving/move.test.ts";
const IN_THE_WAY = "test/moving/in-the-way.test.ts";

export const MOVING_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf("server/src/stores/sqlite/open.ts", [
    "a file is served that is moved, or was",
    "    assertStays(writing, path);\n",
    "",
    IN_THE_WAY,
  ]),
  ...mutationsOf("server/src/stores/postgres/arriving.ts", [
    "a database is served that is not all there",
    "mark.readyAt === undefined) {",
    "mark.readyAt === 0) {",
    IN_THE_WAY,
  ]),
  ...mutationsOf(
    `${MOVING}/source.ts`,
    [
      "a file is moved while a server serves it",
      "opened.adopt(holdLock(path), (lock) => lock.release());",
      "",
      IN_THE_WAY,
    ],
    [
      "a file of an older schema is moved",
      "if (missing.length > 0) {",
      "if (missing.length > 99) {",
      IN_THE_WAY,
    ],
    [
      "what was restored and sends nothing is moved, and sends",
      "if (isBackup(database)) {",
      'if (isBackup(database) && path === "") {',
      IN_THE_WAY,
    ],
  ),
  ...mutationsOf(
    `${MOVING}/next-step.ts`,
    [
      "a target that another source began to fill is filled on",
      "if (arriving.id !== leaving?.id) {",
      "if (leaving === undefined) {",
      IN_THE_WAY,
    ],
    [
      "what was moved is moved once more, elsewhere",
      "if (leaving?.movedAt !== undefined) {",
      "if (leaving?.movedAt === 0) {",
      IN_THE_WAY,
    ],
  ),
  ...mutationsOf(
    `${MOVING}/move.ts`,
    [
      "a file is moved into a database that has something in it",
      "    await target.assertEmpty();\n",
      "",
      IN_THE_WAY,
    ],
    [
      "who opened the target before it was marked serves it meanwhile",
      "  await target.assertUnopened();\n  const",
      "  const",
      IN_THE_WAY,
    ],
    ["a target whose hashes are others is served", "there.hash !== here.hash", "there.rows < 0", MOVE],
    [
      "a target with fewer rows is served",
      "there.rows !== here.rows || there.hash !== here.hash",
      "there.hash.length !== here.hash.length",
      MOVE,
    ],
    [
      "shards that do not stand where the log stood are served",
      "  await target.assertPlaced(places);\n",
      "",
      MOVE,
    ],
    [
      "the target may be served before the file says that it was moved",
      "  source.writeMark({ id: copied.id, to, movedAt });\n",
      "",
      MOVE,
    ],
    [
      "a move begins at the first row of a table again",
      "mark.copied?.table === table.name ? mark.copied.key : undefined;",
      "undefined;",
      MOVE,
    ],
  ),
  ...mutationsOf(
    `${MOVING}/target.ts`,
    [
      "a chunk is written that somebody else has written",
      "if ((await session.run(REPLACE_MARK, MOVE, markBytes(seen), markBytes(next))) === 0) {",
      "if ((await session.run(REPLACE_MARK, MOVE, markBytes(seen), markBytes(next))) < 0) {",
      MOVE,
    ],
    ["a number is given twice after a move", "if (last > 0) {", "if (last < 0) {", MOVE],
    ["what is old has no partition of its week", "wanted.map((each) => [each.name, each])", "[]", MOVE],
    [
      "a target of an older schema is filled",
      "if (applied > 0 && missing.length > 0) {",
      "if (applied > 99) {",
      IN_THE_WAY,
    ],
  ),
  ...mutationsOf(`${MOVING}/give-up.ts`, [
    "a move that has ended is given up, and both are served",
    "if (mark.movedAt !== undefined) {",
    "if (mark.movedAt === 0) {",
    IN_THE_WAY,
  ]),
  ...mutationsOf(`${MOVING}/source-rows.ts`, [
    "a row goes to the shard of another tenant",
    "rows.map((row) => find(table, row) % shardCount)",
    "rows.map(() => 0)",
    MOVE,
  ]),
  ...mutationsOf(`${MOVING}/moved-tables.ts`, [
    "a column stays behind",
    "      event_types: TEXT,\n",
    "",
    `${MOVING}/moved-tables.test.ts`,
  ]),
];
