/**
 * A process of the tests: seals the secrets of the database at a path anew, and is killed at a step of it,
 * before that is written or after it was.
 */
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { createSeal } from "../../server/src/seal.ts";
import { resealSecrets } from "../../server/src/stored-secrets.ts";
import { openSqliteStore } from "../../server/src/stores/sqlite/open.ts";
import { NEW_KEY, OLD_KEY } from "./master-keys.ts";

const [path = "", step = "1", moment = "before"] = process.argv.slice(2);
const seal = createSeal({ key: NEW_KEY, olderKeys: [OLD_KEY], random: systemRandom });
const onFatal = () => process.exit(3);
const store = openSqliteStore({ path, clock: systemClock, random: systemRandom, onFatal });
let steps = 0;

await resealSecrets(
  {
    readSealed: store.readSealed,
    async replaceSealed(replacements) {
      steps += 1;
      const isTheEnd = steps === Number(step);
      if (isTheEnd && moment === "before") {
        process.kill(process.pid, "SIGKILL");
      }
      const replaced = await store.replaceSealed(replacements);
      if (isTheEnd) {
        process.kill(process.pid, "SIGKILL");
      }
      return replaced;
    },
  },
  seal,
);
