/** Fault F27: a transaction that is left open keeps what is rewritten all the time from being vacuumed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { findPostgres } from "./find-postgres.ts";
import { OF_FLUSH, type PhaseName, pinnedRun } from "./pinned-run.ts";

const url = await findPostgres();

const FLUSHES = 400;
/** Of a table, while the transaction is open: to what it was before. */
const GROWN_MIN = 2;
/** The same, once it has ended. */
const LARGER_MAX = 3;

const PAGE_BYTES = 8192;
// Of a table whose rows are on one page, with its index.
const STEADY_BYTES_MAX = 6 * PAGE_BYTES;

describe("an old transaction", { skip: url === undefined && NO_POSTGRES, timeout: 300_000 }, () => {
  test("keeps no room of what is rewritten all the time once it has ended", async (t) => {
    const databases = await makeDatabases(url ?? "", Date.now());
    const database = await databases.create();
    t.after(async () => {
      await database.drop();
      await databases.close();
    });

    const phases = await pinnedRun({
      url: database.url,
      deliveries: FLUSHES * OF_FLUSH,
      flushesOfMinute: 50,
    });
    t.diagnostic(JSON.stringify(phases));
    for (const table of ["shard", "lease", "retry"] as const) {
      const of = (name: PhaseName) => phases[name].bytes[table];
      const atEnd = phases.released.bytesAtEnd[table];
      const seen = `${of("steady")}, ${of("pinned")} and ${of("released")} bytes, ${atEnd} at the end`;
      assert.ok(table === "retry" || of("steady") <= STEADY_BYTES_MAX, `${table}: ${seen}`);
      // Else nothing is learned from what follows.
      assert.ok(of("pinned") > GROWN_MIN * of("steady"), `${table}: ${seen}`);
      assert.ok(atEnd <= LARGER_MAX * of("steady"), `${table}: ${seen}`);
    }
  });
});
