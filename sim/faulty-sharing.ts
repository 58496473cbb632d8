import type { Sharing } from "../server/src/sharing.ts";
import { type FaultyStorePorts, faultyCalls } from "./faulty-store.ts";

const HINT_LOST = 0.2;

/** What one node of several knows of the others: late at times, failing, and hints that are lost. */
export function faultySharing(sharing: Sharing, ports: FaultyStorePorts): Sharing {
  const { life, dice } = ports;
  const { write, read } = faultyCalls(ports);

  return {
    leaseMs: sharing.leaseMs,
    meet: () => write("meet", () => sharing.meet()),
    claim: (leases) => write("claim", () => sharing.claim(leases)),
    leave: () => write("leave", () => sharing.leave()),
    readNews: (leases) => read("readNews", () => sharing.readNews(leases)),
    hint(lease) {
      if (!dice.chance(HINT_LOST)) {
        sharing.hint(lease);
      }
    },
    onHint: (hear) => sharing.onHint((lease) => void life.clock.after(dice.below(20), () => hear(lease))),
    ask: (lease, what) => write("ask", () => sharing.ask(lease, what)),
    takeAnswer: (lease, number) => write("takeAnswer", () => sharing.takeAnswer(lease, number)),
    readAsked: (lease, limit) => read("readAsked", () => sharing.readAsked(lease, limit)),
    moveInbox: (lease) => write("moveInbox", () => sharing.moveInbox(lease)),
    watch: (tenants, forMs) => write("watch", () => sharing.watch(tenants, forMs)),
    putLive: (told) => write("putLive", () => sharing.putLive(told)),
    readLive: (seen) => read("readLive", () => sharing.readLive(seen)),
    readOutbox: (lease, limit) => read("readOutbox", () => sharing.readOutbox(lease, limit)),
  };
}
