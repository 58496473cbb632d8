/**
 * A replay of everything that an endpoint has ever been sent, while the server's process is killed several
 * times: nobody asks for it again, and the next process goes on with it.
 */
import { join } from "node:path";
import {
  ADMIN_KEY,
  createEndpoint,
  createTenant,
  isDrained,
  membersOf,
  mustCall,
  TENANT,
} from "./api-calls.ts";
import { accept, type BacklogReceiver } from "./backlog-run.ts";
import type { Receipt } from "./logs.ts";
import { failNowAndThen, startReceivers, takeAll } from "./receivers.ts";
import { seeded } from "./seeded.ts";
import { createLives, type ServerLife } from "./server-life.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface ReplayRunOptions {
  readonly seed: number;
  readonly receiver: BacklogReceiver;
  /** Sent once, and then replayed. */
  readonly events: number;
  /** Comes each time when a share of the events was replayed. */
  readonly kills: number;
}

export interface ReplayRunResult {
  /** Numbers of the events that the receiver refused, when they came first. */
  readonly refused: ReadonlySet<number>;
  /** Numbers of the events in the order in which the replay brought them, and they were settled. */
  readonly replayed: readonly number[];
  /** Different events that had been replayed at each kill. */
  readonly atKills: readonly number[];
  /** What the API says of the replay when it is over. */
  readonly replay: Readonly<Record<string, unknown>>;
  /** What processes logged, one text for each. */
  readonly said: readonly string[];
}

const POLL_MS = 50;

export async function replayRun({
  seed,
  receiver,
  events,
  kills,
}: ReplayRunOptions): Promise<ReplayRunResult> {
  using folder = temporaryFolder("replay");
  const database = join(folder.path, "posthorn.db");
  const receivers = await startReceivers();
  const lives = createLives();
  const begun: ServerLife[] = [];
  const begin = async () => {
    const told = { port: 0, adminKey: ADMIN_KEY, crash: undefined, sabotage: undefined };
    const life = lives.begin({ path: database, ...told });
    begun.push(life);
    const url = await life.listening;
    if (url === undefined) {
      throw new Error(`process ${life.number} must listen, it ended: ${life.said()}`);
    }
    return { life, url };
  };
  try {
    let { life, url } = await begin();
    await createTenant(url);
    const { id, secret } = await createEndpoint(url, receiver, receivers.urlOf(receiver));
    receivers.entrust(receiver, secret);
    await accept(url, { from: 1, count: events });
    await until(life, () => isDrained(url, id));
    const live = [...receivers.receipts];
    const replayed = () => numbersIn(receivers.receipts.slice(live.length));
    const atKills: number[] = [];

    receivers.behave(failNowAndThen(seeded(seed)));
    const content = { endpoint: id, since: new Date(0).toISOString(), only: "all" };
    const asked = membersOf(await mustCall(url, "POST", { path: `${TENANT}/replays`, content }));
    const find = async () =>
      membersOf(await mustCall(url, "GET", { path: `${TENANT}/replays/${String(asked["id"])}` }));
    const isOver = async () => (await find())["state"] !== "running";
    for (let kill = 1; kill <= kills; kill += 1) {
      const share = (events * kill) / (kills + 1);
      await until(life, async () => new Set(replayed()).size >= share || (await isOver()));
      life.kill();
      await life.ended;
      atKills.push(new Set(replayed()).size);
      ({ life, url } = await begin());
    }
    receivers.behave(takeAll);
    await until(life, isOver);
    const replay = await find();
    const refused = new Set(numbersIn(live.filter(({ answer }) => answer === "refused")));
    return { refused, replayed: replayed(), atKills, replay, said: begun.map((each) => each.said()) };
  } finally {
    await lives.close();
    await receivers.close();
  }
}

/** Numbers of the events that these settled. */
function numbersIn(receipts: readonly Receipt[]): readonly number[] {
  return receipts
    .filter(({ answer }) => answer === "taken" || answer === "refused")
    .flatMap(({ events }) => events.map(({ number }) => number));
}

/** Resolves when it is so. Rejects if the process ends before. */
async function until(life: ServerLife, isSo: () => Promise<boolean>): Promise<void> {
  let hasEnded = false;
  void life.ended.then(() => {
    hasEnded = true;
  });
  while (!(await isSo())) {
    if (hasEnded) {
      throw new Error(`process ${life.number} must go on, it ended: ${life.said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
