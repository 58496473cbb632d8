import type { Reader } from "../../reader.ts";
import { integerIn, textIn } from "../columns.ts";
import type { Connections } from "./connections.ts";
import { MIGRATIONS } from "./migrate.ts";
import { READ_DATABASE, READ_EPOCHS } from "./queries/survey.ts";

/** A file is one process's: it has every lease. */
export function createSurvey({ reading, read }: Connections): Pick<Reader, "survey"> {
  const readDatabase = reading.prepare(READ_DATABASE);
  const readEpochs = reading.prepare(READ_EPOCHS);
  return {
    survey: () =>
      read(() => {
        const row = readDatabase.get() ?? {};
        return {
          database: { kind: "sqlite", version: textIn(row, "version"), bytes: integerIn(row, "bytes") },
          migrations: { applied: integerIn(row, "applied"), known: MIGRATIONS.length },
          nodes: undefined,
          leases: readEpochs.all().map((each) => ({
            lease: integerIn(each, "lease"),
            owner: undefined,
            epoch: integerIn(each, "epoch"),
            heldUntil: undefined,
          })),
        };
      }),
  };
}
