/** A process of the tests: makes a database, writes into it that it was moved, and waits for its end. */
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { openSource } from "../../server/src/stores/moving/source.ts";
import { openSqliteStore } from "../../server/src/stores/sqlite/open.ts";

const [path = ""] = process.argv.slice(2);
const onFatal = (error: unknown) => {
  throw error;
};
await openSqliteStore({ path, clock: systemClock, random: systemRandom, onFatal }).close();

const source = openSource(path, "move");
source.writeMark({ id: "00", to: "postgres://elsewhere", movedAt: systemClock.now() });
process.stdout.write("marked\n");
setInterval(() => source, 60_000);
