import type { DatabaseSync } from "node:sqlite";
import type { PlacedSecret, SecretPlace, SecretRegistry } from "../../secret-registry.ts";
import { placedSecretOf } from "../registry-rows.ts";
import type { Connections } from "./connections.ts";
import { READ_SEALED, REPLACE_SEALED } from "./queries/secrets.ts";

/** Sealed secrets over a database. */
export function createSecrets({ writing, reading, write, read }: Connections): SecretRegistry {
  const readSealed = prepareReadSealed(reading);
  const replaceSealed = writing.prepare(REPLACE_SEALED);
  return {
    readSealed: (after, limit) => read(() => readSealed(after, limit)),
    replaceSealed: (replacements) =>
      write(() => {
        let replaced = 0;
        for (const { endpoint, number, seen, sealed } of replacements) {
          replaced += Number(replaceSealed.run(endpoint, number, seen, sealed).changes);
        }
        return replaced;
      }),
  };
}

/** Prepares the reading of secrets after a place. */
export function prepareReadSealed(
  database: DatabaseSync,
): (after: SecretPlace | undefined, limit: number) => readonly PlacedSecret[] {
  const readSealed = database.prepare(READ_SEALED);
  return (after, limit) =>
    readSealed.all(after?.endpoint ?? 0, after?.number ?? 0, limit).map(placedSecretOf);
}
