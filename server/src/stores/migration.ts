import { createHash } from "node:crypto";
import { integerIn, type Row, textIn } from "./columns.ts";

/** A step of the schema. Once released, its text never changes. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}

/** Throws if a database with these tables is another program's: ours have one that notes migrations. */
export function assertOurs(tables: readonly Row[]): void {
  if (tables.length > 0 && !tables.some(({ name }) => name === "migration")) {
    throw new Error("the database belongs to another program: it has tables, and none of them is migration");
  }
}

/**
 * Returns the migrations that are still to be applied after those in the rows of `migration`, in order.
 * Throws if the database was migrated by a newer version, or by a migration whose text is no longer the
 * same.
 */
export function missingMigrations(
  applied: readonly Row[],
  migrations: readonly Migration[],
): readonly Migration[] {
  for (const row of applied) {
    assertKnown(integerIn(row, "number"), textIn(row, "checksum"), migrations);
  }
  return migrations.slice(applied.length);
}

/** Which migrations a database has, and which of this version's it has not. */
export interface MigrationStatus {
  readonly applied: number;
  readonly missing: readonly number[];
}

/** Tells them apart by the rows of `migration`. Throws where a start would refuse the database. */
export function migrationStatusOf(
  applied: readonly Row[],
  migrations: readonly Migration[],
): MigrationStatus {
  const missing = missingMigrations(applied, migrations).map(({ number }) => number);
  return { applied: applied.length, missing };
}

function assertKnown(number: number, checksum: string, migrations: readonly Migration[]): void {
  const migration = migrations.find((each) => each.number === number);
  if (migration === undefined) {
    throw new Error(
      `the database was migrated by a newer version: it has migration ${number}, this version knows ` +
        `${migrations.length}; start the newer version, or restore a backup from before the upgrade`,
    );
  }
  const expected = checksumOf(migration);
  if (checksum !== expected) {
    throw new Error(
      `migration ${number} was edited after it was applied: the database has checksum ${checksum}, ` +
        `this version has ${expected}`,
    );
  }
}

export function checksumOf({ sql }: Migration): string {
  return createHash("sha256").update(sql).digest("hex");
}
