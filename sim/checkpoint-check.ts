import type { Store } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import type { Ledger } from "./ledger.ts";
import { wasOwedTo } from "./owed.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface CheckpointCheckPorts {
  readonly store: Store;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
}

/**
 * Checks after a flush that a crash at this moment would lose nothing: what an endpoint is owed up to the
 * checkpoint, or up to its lane's row, is settled or waits in `retry`. What was found so once is not looked
 * at again.
 */
export function createCheckpointCheck(ports: CheckpointCheckPorts): () => Promise<void> {
  const { store, book, ledger, watch, world } = ports;
  // How many of the stored events were looked at, by endpoint.
  const looked = new Map<number, number>();

  return async () => {
    for (const { number, contract } of world.endpoints.values()) {
      const endpoint = await store.readEndpoint(number);
      if (endpoint === undefined) {
        continue;
      }
      const upTo = ledger.lanes.get(number)?.position ?? ledger.checkpoint;
      let place = looked.get(number) ?? 0;
      for (let event = book.stored[place]; event !== undefined && event.offset <= upTo; ) {
        const { offset } = event;
        if (wasOwedTo(endpoint, contract, event) && ledger.standing(number, offset) === "open") {
          const serial = book.serialAt(offset);
          watch.fail(
            "checkpoint_trails",
            `endpoint ${number} was never given ${serial}, offset ${offset}, and ${upTo} says it was`,
          );
        }
        place += 1;
        event = book.stored[place];
      }
      looked.set(number, place);
    }
  };
}
