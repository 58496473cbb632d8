import type { News } from "../sharing.ts";
import type { Appended } from "../store.ts";
import { createAskedTaker } from "./asked-taker.ts";
import type { AnyAnswer, Asking } from "./asking.ts";
import { type CommandPorts, createCommands } from "./commands.ts";
import { createCourier } from "./courier.ts";
import type { Standing } from "./engine.ts";
import type { Eraser } from "./eraser.ts";
import type { Flusher } from "./flusher.ts";
import { createInboxMover } from "./inbox-mover.ts";
import type { LeaseState } from "./lease-state.ts";
import type { OwnerPorts } from "./owner-ports.ts";
import type { Replayer } from "./replayer.ts";
import { createSkip } from "./skip.ts";

/** What the owner of a lease does for other nodes, and for other shards. */
export interface NodeDuties {
  /** Takes up what there is news of. */
  take(news: News): void;
  /** There may be something to tell in another shard. */
  handOn(): void;
  stop(): void;
}

export interface DutyPorts extends CommandPorts, Pick<OwnerPorts, "sharing" | "accept"> {
  readonly replayer: Replayer;
  readonly eraser: Eraser;
  readonly standing: (tenant: number) => Standing;
  readonly onAppended: (appended: Appended) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Makes them; where one process has everything, there are none. */
export function createNodeDuties(state: LeaseState, ports: DutyPorts): NodeDuties {
  const { sharing, replayer, eraser } = ports;

  async function carryOut(asking: Asking, flusher: Flusher): Promise<AnyAnswer> {
    switch (asking.kind) {
      case "retry":
      case "cancel":
      case "replay":
        return await createCommands(state, { ...ports, flusher })[asking.kind](asking.delivery);
      case "skip":
        return await createSkip(state, { ...ports, flusher }).skip(asking.skipping);
      case "replay_ranges":
        await replayer.look();
        return undefined;
      case "standing":
        return ports.standing(asking.tenant);
      case "erase":
        await eraser.erase(asking.tenant);
        return undefined;
    }
  }

  const lease = state.lease.id;
  const taker = sharing && createAskedTaker({ ...ports, carryOut, sharing, lease });
  const courier = sharing && createCourier({ ...ports, sharing, lease });
  const mover = sharing && createInboxMover({ ...ports, sharing, lease: state.lease });
  return {
    take({ isAsked, hasOutgoing, hasInbox, hasErasures }) {
      if (isAsked) {
        void taker?.look();
      }
      if (hasOutgoing) {
        void courier?.runOnce();
      }
      if (hasInbox) {
        void mover?.runOnce();
      }
      if (hasErasures) {
        void eraser.look();
      }
    },
    handOn: () => void courier?.runOnce(),
    stop() {
      taker?.stop();
      courier?.stop();
      mover?.stop();
    },
  };
}
