import { type Offset, timeOfOffset } from "../server/src/model/offset.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";
import { wasOwedTo } from "./owed.ts";
import type { AskedReplay } from "./replays.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface RetentionCheckPorts {
  readonly store: MemoryStore;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
  readonly askedReplays: () => readonly AskedReplay[];
}

/** Checks that a store forgets what it is told to, and that nobody was owed it any more. */
export function createRetentionCheck(
  ports: RetentionCheckPorts,
): (forgotten: readonly Offset[], to: Offset) => Promise<void> {
  const { store, book, ledger, watch, world } = ports;

  const goneReplays = new Set<number>();

  async function checkReplays(to: Offset): Promise<void> {
    for (const { replay } of ports.askedReplays()) {
      const { tenant, number } = replay;
      if (goneReplays.has(number) || (await store.findReplay(tenant, number)) !== undefined) {
        continue;
      }
      goneReplays.add(number);
      const endedAt = ledger.replayEndedBy(number) ?? Infinity;
      if (endedAt > timeOfOffset(to)) {
        watch.fail("kept_long_enough", `replay ${number % 1000}, which ended at ${endedAt}, was forgotten`);
      }
    }
  }

  return async (forgotten, to) => {
    const early = forgotten.find((offset) => offset > to);
    if (early !== undefined) {
      watch.fail("kept_long_enough", `${book.serialAt(early)} was forgotten, and is of after ${to}`);
    }
    await checkReplays(to);
    const gone = book.stored.filter(({ offset }) => forgotten.includes(offset));
    for (const { number, contract } of gone.length === 0 ? [] : world.endpoints.values()) {
      const endpoint = await store.readEndpoint(number);
      const lost = gone.find(
        (event) =>
          endpoint !== undefined &&
          wasOwedTo(endpoint, contract, event) &&
          ledger.standing(number, event.offset) !== "settled",
      );
      if (lost !== undefined) {
        watch.fail(
          "forgotten_is_settled",
          `${book.serialAt(lost.offset)} was ${ledger.standing(number, lost.offset)} at endpoint ${number}`,
        );
      }
    }
  };
}
