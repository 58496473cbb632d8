import type { Attempt } from "../model/delivery.ts";
import type { Offset } from "../model/offset.ts";
import type { ApiPorts } from "./ports.ts";

/** More than any contract puts into a batch: the settings of batches end there. */
const MEMBERS_MAX = 1000;
const LIMIT = 200;
const SCAN_MAX = 2000;
/** Other lanes' attempts lie between; what is further apart than this is not looked for. */
const PAGES_MAX = 20;

/**
 * Finds the members of the batch that stands in full at an attempt, in their order: those whose attempts
 * point at it. Undefined: they lie too far apart to be looked for.
 */
export async function readMembers(
  { reader }: Pick<ApiPorts, "reader">,
  tenant: number,
  attempt: Attempt,
): Promise<readonly Offset[] | undefined> {
  const { endpoint, cursor, offset, number } = attempt;
  const members = [offset];
  let before = { offset, endpoint: 0, cursor: 0, number: 0 };
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await reader.listAttempts({ tenant, endpoint, before, limit: LIMIT, scanMax: SCAN_MAX });
    for (const other of page.attempts) {
      if (other.cursor !== cursor) {
        continue;
      }
      if (isWhole(other)) {
        return members.reverse();
      }
      if (other.batch === offset && other.number === number) {
        members.push(other.offset);
      }
    }
    if (page.next === undefined || members.length >= MEMBERS_MAX) {
      return members.reverse();
    }
    before = page.next;
  }
  return undefined;
}

/** Whether it is a request of its own: one cursor's batches do not overlap, so an older one ends there. */
function isWhole({ batch, payloadHash }: Attempt): boolean {
  return batch === undefined && payloadHash !== undefined;
}
