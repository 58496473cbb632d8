import type { Reader } from "../../reader.ts";
import { integerIn, optionalIn, textIn } from "../columns.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS } from "./migrate.ts";
import { READ_DATABASE, READ_LEASES, READ_NODES } from "./queries/survey.ts";

/** The database as it is to all nodes; `holder` names this one. */
export function createSurvey(database: Database, holder: string): Pick<Reader, "survey"> {
  return {
    async survey() {
      const [row = {}] = await database.rows(READ_DATABASE);
      const nodes = await database.rows(READ_NODES);
      const leases = await database.rows(READ_LEASES);
      return {
        database: { kind: "postgres", version: textIn(row, "version"), bytes: integerIn(row, "bytes") },
        migrations: { applied: integerIn(row, "applied"), known: MIGRATIONS.length },
        nodes: nodes.map((each) => ({
          id: textIn(each, "holder"),
          isThis: textIn(each, "holder") === holder,
          version: optionalIn(each, "version", textIn),
          joinedAt: optionalIn(each, "joined_at", integerIn),
          aliveUntil: integerIn(each, "alive_until"),
        })),
        leases: leases.map((each) => ({
          lease: integerIn(each, "shard"),
          owner: optionalIn(each, "holder", textIn),
          epoch: integerIn(each, "epoch"),
          heldUntil: optionalIn(each, "held_until", integerIn),
        })),
      };
    },
  };
}
