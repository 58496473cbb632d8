/** Guards of what nodes share: leases, commands, what one shard has to tell in another. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const ENGINE = "server/src/engine";
const POSTGRES = "server/src/stores/postgres";
const ERASER = `${ENGINE}/eraser.test.ts`;
const INBOX = `${POSTGRES}/inbox.test.ts`;
const LEASES = `${POSTGRES}/leases.test.ts`;
const WENT_BACK = "test/postgres/went-back.test.ts";

export const NODE_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(`${ENGINE}/shared-owners.ts`, [
    "a lease that recovers while its process is let go on sends nothing",
    "          owner.resume();\n",
    "",
    `${ENGINE}/shared-owners.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/node-duties.ts`, [
    "what is to be erased waits where its owner could not be asked",
    "        void eraser.look();\n",
    "",
    ERASER,
  ]),
  ...mutationsOf(`${ENGINE}/eraser.ts`, [
    "what the store refuses to erase is tried at every look",
    "asked.filter(({ number }) => !failed.has(number)).map(start)",
    "asked.map(start)",
    ERASER,
  ]),
  ...mutationsOf(
    `${POSTGRES}/queries/sharing.ts`,
    [
      "a lease is claimed while another node has it",
      "    WHERE held_until <= clock_timestamp()\n      AND shard = ANY",
      "    WHERE shard = ANY",
      LEASES,
    ],
    [
      "a command that was done is asked again",
      "    AND NOT is_done\n  ORDER BY number",
      "  ORDER BY number",
      LEASES,
    ],
    [
      "an answer is forgotten by a flush that is written again",
      "answer = COALESCE(command.answer, answered.answer)",
      "answer = answered.answer",
      LEASES,
    ],
  ),
  ...mutationsOf(
    `${POSTGRES}/queries/inbox.ts`,
    [
      "a node that has lost its lease moves an inbox",
      "    AND epoch = $2\n  FOR UPDATE",
      "    AND epoch >= $2\n  FOR UPDATE",
      INBOX,
    ],
    [
      "a step of an inbox moves any number of bytes",
      "      WHERE bytes_before < $3",
      "      WHERE bytes_before < $3 OR TRUE",
      INBOX,
    ],
  ),
  ...mutationsOf(`${POSTGRES}/inbox.ts`, [
    "an inbox is moved in any order",
    'rows.toSorted((one, other) => integerIn(one, "offset") - integerIn(other, "offset"))',
    'rows.toSorted((one, other) => integerIn(other, "offset") - integerIn(one, "offset"))',
    INBOX,
  ]),
  ...mutationsOf(`${POSTGRES}/queries/facts.ts`, [
    "a lease is renewed that another node has claimed",
    "    AND epoch = $2\n    AND holder = $4",
    "    AND epoch = $2\n    AND $4 <> ''",
    LEASES,
  ]),
  ...mutationsOf(`${POSTGRES}/hosts.ts`, [
    "one host is passed over because several callers failed at another",
    "if (from === current()) {",
    "if (from !== undefined) {",
    `${POSTGRES}/hosts.test.ts`,
  ]),
  ...mutationsOf(
    `${POSTGRES}/database.ts`,
    [
      "of several hosts a standby is taken for one that takes writes",
      "if (hosts.count > 1) {",
      "if (hosts.count > 99) {",
      "test/postgres/hosts.test.ts",
    ],
    [
      "a pool whose connections are all in use takes its host for one of no use",
      "if (!isInLine) {",
      "if (true) {",
      "test/postgres/hosts.test.ts",
    ],
    [
      "a connection that is of no use is never given back",
      "      client.release(true);\n      throw error;",
      "      throw error;",
      `${POSTGRES}/database.test.ts`,
    ],
  ),
  ...mutationsOf(`${POSTGRES}/lock-tries.ts`, [
    "everybody waits behind a migration for as long as it waits",
    "SET LOCAL lock_timeout = ${lockMsMax}",
    "SELECT ${lockMsMax}",
    `${POSTGRES}/migrate.test.ts`,
  ]),
  ...mutationsOf(`${POSTGRES}/lineage.ts`, [
    "that a database went back is not noticed",
    "  if (lineage === stored) {",
    "  if (stored !== null) {",
    WENT_BACK,
  ]),
  ...mutationsOf(
    `${POSTGRES}/queries/lineage.ts`,
    ["a copy that went back is taken for its original", "SELECT oid FROM pg_database", "SELECT 0", WENT_BACK],
    [
      "tables that were restored in the place of others are taken for them",
      "'meta'::regclass::oid AS lineage",
      "0 AS lineage",
      "test/postgres/dump.test.ts",
    ],
    [
      "ids of a database that went back begin where its clock is",
      "${OFFSET_NOW}) + $1::bigint",
      "${OFFSET_NOW}) + 0 * $1::bigint",
      WENT_BACK,
    ],
    [
      "changes of a database that went back get numbers again",
      "changes = changes + $2,",
      "changes = changes + 0 * $2,",
      WENT_BACK,
    ],
    [
      "a lease goes on though its database went back",
      "SET epoch = epoch + $1,",
      "SET epoch = epoch + 0 * $1::bigint,",
      WENT_BACK,
    ],
    [
      "a database that went back gives numbers of endpoints again",
      "COALESCE(last_value, start_value) + $1)",
      "COALESCE(last_value, start_value) + 0 * $1::bigint)",
      WENT_BACK,
    ],
  ),
  ...mutationsOf(`${ENGINE}/fair-share.ts`, [
    "a node keeps what is more than its share",
    "Math.max(0, mine - share)",
    "0",
    `${ENGINE}/fair-share.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/shared-owners.ts`,
    [
      "a node recovers all of its share at once",
      "Math.min(claims, mayRecover())",
      "claims",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "the rest of a share waits for its time when one has recovered",
      "timer !== undefined && isHeldBack",
      "false",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "what was claimed and could not be taken is left to its time",
      "} else if (againAt <= now &&",
      "} else if (againAt < 0 &&",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "a store that fails is asked without a pause",
      "    isHeldBack = false;\n    noteWhole();",
      "    noteWhole();",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "a node has started before all of its share has recovered",
      "(isStopping || !isHeldBack) && mayRecover() === RECOVERING_MAX",
      "mayRecover() > 0",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "a node that stops waits for a recovery whose store is gone",
      "    if (one.taken === undefined) {\n      await one.started;",
      "    if (isStopping) {\n      await one.started;",
      `${ENGINE}/shared-owners.test.ts`,
    ],
    [
      "what is claimed while a node stops is left to itself",
      "      await looking;\n",
      "",
      `${ENGINE}/shared-owners.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/owner.ts`, [
    "a recovery goes on after its owner was stopped",
    "Promise.race([findAll(how), stopped.promise])",
    "findAll(how)",
    `${ENGINE}/shared-owners.test.ts`,
  ]),
  ...mutationsOf(
    `${ENGINE}/asked-taker.ts`,
    [
      "a command is not done for good with what it changes",
      "          change.contribute(facts);\n          note(facts);",
      "          change.contribute(facts);",
      `${ENGINE}/asked-taker.test.ts`,
    ],
    [
      "a command that is under way is taken up again",
      "asking !== undefined && !underWay.has(number)",
      "asking !== undefined",
      `${ENGINE}/asked-taker.test.ts`,
    ],
  ),
  ...mutationsOf(`${ENGINE}/tenure.ts`, [
    "what is out when the lease ends goes on",
    "      if (!isStopped) {\n        ending =",
    "      if (false) {\n        ending =",
    `${ENGINE}/tenure.test.ts`,
  ]),
  ...mutationsOf(`${ENGINE}/recallable-sender.ts`, [
    "what was begun before a process stood still goes out after its lease",
    "isHeld() ? await",
    "true ? await",
    `${ENGINE}/recallable-sender.test.ts`,
  ]),
  ...mutationsOf("server/src/outbound/http-sender.ts", [
    "a request that is out cannot be recalled",
    "      request.recalls?.add(recall);",
    "",
    "server/src/outbound/http-sender.test.ts",
  ]),
  ...mutationsOf(
    "server/src/api/endpoint-view.ts",
    [
      "each of a page's endpoints is counted over another node's log, although nothing came",
      "row === undefined && isOwedMore?.(endpoint) === false",
      "false",
      "server/src/api/endpoint-view.test.ts",
    ],
    [
      "what comes behind a hundred events of another node is nothing",
      "return next === undefined\n    ?",
      "return events.length > 0 || next === undefined\n    ?",
      "server/src/api/endpoint-view.test.ts",
    ],
  ),
];
