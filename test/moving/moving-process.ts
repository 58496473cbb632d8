/**
 * A process of the tests: moves a file into a database, and is killed at a statement of it, or just before or
 * after a commit.
 */
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { move } from "../../server/src/stores/moving/move.ts";
import { openSource } from "../../server/src/stores/moving/source.ts";
import { createTarget } from "../../server/src/stores/moving/target.ts";
import { type Database, openDatabase, type Session } from "../../server/src/stores/postgres/database.ts";

const [path = "", url = "", point = ""] = process.argv.slice(2);
let passed = 0;

function pass(): void {
  passed += 1;
  if (passed === Number(point)) {
    process.kill(process.pid, "SIGKILL");
  }
}

function watched(session: Session): Session {
  return {
    rows(statement, ...values) {
      pass();
      return session.rows(statement, ...values);
    },
    run(statement, ...values) {
      pass();
      return session.run(statement, ...values);
    },
    script(statements) {
      pass();
      return session.script(statements);
    },
  };
}

function watchedDatabase(database: Database): Database {
  return {
    ...database,
    ...watched(database),
    async transaction(operation) {
      const result = await database.transaction(async (session) => {
        const done = await operation(watched(session));
        pass();
        return done;
      });
      pass();
      return result;
    },
  };
}

const source = openSource(path, "move");
const database = openDatabase({ url, name: "posthorn move", connectionsMax: 1 });
const target = createTarget(watchedDatabase(database), undefined);
const ports = { clock: systemClock, random: systemRandom };
await move({ source, target, to: "postgres://tests/", ...ports, onProgress: () => undefined });
await database.close();
source.close();
