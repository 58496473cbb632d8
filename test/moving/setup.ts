import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { type MoveProgress, type MoveResult, move } from "../../server/src/stores/moving/move.ts";
import { openSource } from "../../server/src/stores/moving/source.ts";
import { createTarget, type Target } from "../../server/src/stores/moving/target.ts";
import { type Database, openDatabase } from "../../server/src/stores/postgres/database.ts";
import {
  findDatabases,
  NO_POSTGRES,
  type TemporaryDatabase,
} from "../../server/src/stores/postgres/databases-fixture.ts";
import { openSqliteStore } from "../../server/src/stores/sqlite/open.ts";
import { temporaryPath } from "../../server/src/stores/sqlite/temporary.ts";
import { type Filled, fill } from "./filled-file.ts";

export const SHARDS = 4;
/** So old is what is in the file. */
const WEEKS_MS = 5 * 7 * 86_400_000;

export const TO = "postgres://db.example/posthorn";

const databases = await findDatabases(systemClock.now());

interface MoveChange {
  readonly wrap?: (target: Target) => Target;
  readonly onProgress?: (progress: MoveProgress) => void;
}

export interface Setup {
  readonly path: string;
  readonly filled: Filled;
  readonly url: string;
  readonly database: Database;
  /** Moves from the file to the database, or to another one. */
  move(change?: MoveChange, database?: Database): Promise<MoveResult>;
  another(): Promise<Database>;
  openFile(): ReturnType<typeof openSqliteStore>;
}

export const ports = { clock: systemClock, random: systemRandom };

function openFileAt(path: string, clock = systemClock) {
  return openSqliteStore({ ...ports, clock, path, onFatal: () => assert.fail("the disk of a test works") });
}

/** A file with something of everything, and a database without even the schema. */
export async function setup(t: TestContext): Promise<Setup> {
  const path = temporaryPath(t);
  const store = openFileAt(path, { ...systemClock, now: () => systemClock.now() - WEEKS_MS });
  const filled = await fill(store);
  await store.close();
  const open = async (created: TemporaryDatabase | undefined) => {
    assert.ok(created);
    const database = openDatabase({ url: created.url, name: "test", connectionsMax: 2 });
    t.after(async () => {
      await database.close();
      await created.drop();
    });
    return { url: created.url, database };
  };
  const { url, database } = await open(await databases?.createEmpty());
  return {
    path,
    filled,
    url,
    database,
    async move({ wrap = (target: Target) => target, onProgress = () => undefined } = {}, into = database) {
      const source = openSource(path, "move");
      try {
        const target = wrap(createTarget(into, SHARDS));
        return await move({ source, target, to: TO, ...ports, onProgress });
      } finally {
        source.close();
      }
    },
    another: async () => (await open(await databases?.createEmpty())).database,
    openFile: () => openFileAt(path),
  };
}

/** Ends a move after some chunks, as a crash does. */
export function endedAfter(chunks: number): MoveChange {
  let written = 0;
  return {
    wrap: (target) => ({
      ...target,
      async write(step) {
        if (written === chunks) {
          throw new Error("ended here");
        }
        written += 1;
        await target.write(step);
      },
    }),
  };
}

export const OVER_POSTGRES = { skip: databases === undefined && NO_POSTGRES };
