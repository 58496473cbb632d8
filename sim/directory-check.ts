import type { StoredEvent } from "../server/src/model/event.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Watch } from "./watch.ts";

const LEASE = 0;
const UNBOUNDED = { limit: Number.MAX_SAFE_INTEGER, bytesMax: Number.MAX_SAFE_INTEGER };

/** Checks that what is found by the directory, of every tenant and type, is what the log holds. */
export async function checkDirectory({ store, watch }: { store: MemoryStore; watch: Watch }): Promise<void> {
  const { head } = await store.readHead(LEASE);
  const all = { lease: LEASE, after: 0, to: head, ...UNBOUNDED };
  const { events } = await store.readLog(all);
  for (const [tenant, mine] of Map.groupBy(events, (event) => event.tenant)) {
    for (const type of new Set(mine.map((event) => event.type))) {
      const wanted = mine.filter((event) => event.type === type || event.to !== undefined);
      const found = await store.readLog({ ...all, tenant, types: [type] });
      if (textOf(found.events) !== textOf(wanted)) {
        watch.fail(
          "directory_leaves_nothing_out",
          `tenant ${tenant}, type ${type}: ${textOf(found.events)} of ${textOf(wanted)}`,
        );
      }
    }
  }
}

function textOf(events: readonly StoredEvent[]): string {
  return events.map(({ offset }) => offset).join(" ");
}
