import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabasePlace } from "../../database-url.ts";
import type { Inspection } from "../../databases.ts";
import { type Finding, findingsOf, saidBy } from "./finding.ts";
import { serverFindings } from "./server.ts";

const { ok, warning, problem } = findingsOf("store");

/** Says what was seen of a database; undefined: there is none yet. */
export function storeFindings(
  inspection: Inspection | undefined,
  database: DatabasePlace,
): readonly Finding[] {
  return [...accessFindings(database), ...(inspection ? schemaFindings(inspection) : [NO_DATABASE])];
}

const NO_DATABASE = warning(
  "there is no database yet",
  "the first start makes one; if there should be one, set POSTHORN_DATABASE_URL to where it is",
);

/** Says why a database cannot be looked at. */
export function unopenedStore(error: unknown): Finding {
  return problem(
    `the database cannot be used: ${saidBy(error)}`,
    "mend what it says, or set POSTHORN_DATABASE_URL to another database; no server starts on this one",
  );
}

function schemaFindings({ migrations, contents, server }: Inspection): readonly Finding[] {
  const { applied, missing } = migrations;
  const schema =
    missing.length === 0
      ? ok(`it opens, its settings are durable, and all of its ${applied} migrations are applied`)
      : warning(
          `${missing.length} migrations are missing: ${missing.join(", ")}; what is stored was not looked at`,
          "posthorn migrate up applies them, and so does every start",
        );
  const restored = contents?.isBackup === true ? [RESTORED] : [];
  return [schema, ...restored, ...(server === undefined ? [] : serverFindings(server))];
}

const RESTORED = warning(
  "the database was restored from a backup, and nothing is sent from it",
  "posthorn resume --dry-run says what would be sent, posthorn resume sends it",
);

/** A file is written by its server, beside other files that come and go. */
function accessFindings(database: DatabasePlace): readonly Finding[] {
  if (database.kind !== "sqlite") {
    return [];
  }
  const path = resolve(database.path);
  return [dirname(path), ...(existsSync(path) ? [path] : [])].flatMap((each) =>
    isWritable(each)
      ? []
      : problem(
          `${each} cannot be written by this user`,
          "give the user that runs the server the right to write it, or run posthorn doctor as that user",
        ),
  );
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
