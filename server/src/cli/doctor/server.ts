import type { InspectedServer } from "../../databases.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, warning, problem } = findingsOf("store");

const MB = 1024 * 1024;
/** As many as a node takes. */
const CONNECTIONS_OF_NODE = 12;
/** Rows that were changed since it began are kept by all tables. */
const TRANSACTION_MS_MAX = 5 * 60_000;

/** Says what was seen of the server that a database is in, and of who else is there. */
export function serverFindings(server: InspectedServer): readonly Finding[] {
  return [stateFinding(server), ...forbiddenFindings(server), ...transactionFindings(server)];
}

function stateFinding({ version, databaseBytes, connections, connectionsMax }: InspectedServer): Finding {
  const says =
    `PostgreSQL ${version} has ${Math.ceil(databaseBytes / MB)} MB in this database, ` +
    `and ${connections} of ${connectionsMax} connections are taken`;
  return connectionsMax - connections < CONNECTIONS_OF_NODE
    ? warning(
        `${says}: a node takes up to ${CONNECTIONS_OF_NODE}`,
        "raise max_connections, or see in pg_stat_activity who has them",
      )
    : ok(says);
}

function forbiddenFindings({ forbidden }: InspectedServer): readonly Finding[] {
  return forbidden === ""
    ? []
    : [
        problem(
          `this user may not write or change ${forbidden}`,
          "make it a member of the role that owns the tables, and GRANT CREATE on their schema",
        ),
      ];
}

function transactionFindings({ oldestTransactionMs }: InspectedServer): readonly Finding[] {
  return oldestTransactionMs <= TRANSACTION_MS_MAX
    ? []
    : [
        warning(
          `a transaction has been open for ${Math.round(oldestTransactionMs / 60_000)} minutes: until it ` +
            "ends no row that was removed since leaves the tables, and they grow",
          "find it by xact_start in pg_stat_activity and end it",
        ),
      ];
}
