import type { SecretRegistry } from "../../secret-registry.ts";
import { placedSecretOf } from "../registry-rows.ts";
import { bigints, byteas } from "./binary-arrays.ts";
import type { Database } from "./database.ts";
import { READ_SEALED, REPLACE_SEALED } from "./queries/secrets.ts";

/** Sealed secrets over a database. */
export function createSecrets(database: Database): SecretRegistry {
  return {
    async readSealed(after, limit) {
      const rows = await database.rows(READ_SEALED, after?.endpoint ?? 0, after?.number ?? 0, limit);
      return rows.map(placedSecretOf);
    },
    replaceSealed: (replacements) =>
      database.run(
        REPLACE_SEALED,
        bigints(replacements.map(({ endpoint }) => endpoint)),
        bigints(replacements.map(({ number }) => number)),
        byteas(replacements.map(({ seen }) => seen)),
        byteas(replacements.map(({ sealed }) => sealed)),
      ),
  };
}
