/**
 * A process of the tests: appends events to the database at a path, one after the other, and says what was
 * answered, a line each. After the first refusal it says how the store answers then, and ends.
 */
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { openSqliteStore } from "./open.ts";

// A write beyond the limit of a file's size is an error then, and not the end of the process.
process.on("SIGXFSZ", () => {});

const [path = "", dataBytes = "100"] = process.argv.slice(2);
const data = new Uint8Array(Number(dataBytes)).fill(48);
const absent = {
  subject: undefined,
  occurredAt: undefined,
  expiresAt: undefined,
  to: undefined,
  extensions: undefined,
};
const events = [{ event: { type: "test", data, ...absent }, key: undefined }];
const submission = { tenant: 1, events, key: undefined, keysExpireAt: 0 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const stores = openSqliteStore({
    path,
    clock: systemClock,
    random: systemRandom,
    onFatal: () => say("fatal"),
  });
  await stores.createTenant({ id: "test", name: "Test", contract: undefined, shard: 0, createdAt: 0 });
  say("open");
  const append = async () => say(`stored ${(await stores.append(0, [submission])).head}`);
  try {
    for (;;) {
      await append();
    }
  } catch (error) {
    say(`failed: ${String(error)}`);
  }
  await append().catch((error: unknown) => say(`append: ${String(error)}`));
  await stores.readHead(0).catch((error: unknown) => say(`read: ${String(error)}`));
  await stores.close();
} catch (error) {
  say(`refused: ${String(error)}`);
}
