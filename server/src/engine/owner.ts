import type { News } from "../sharing.ts";
import type { Appended } from "../store.ts";
import { changeApplied } from "./abandonment-change.ts";
import { createAgeing } from "./ageing.ts";
import { type Commands, createCommands } from "./commands.ts";
import type { Skipping, SkipResult } from "./engine.ts";
import { createEraser, type Eraser } from "./eraser.ts";
import { createFollower } from "./follower.ts";
import { createGreeter } from "./greeter.ts";
import { createIndexer } from "./indexer.ts";
import { createLeaseState } from "./lease-state.ts";
import { createNodeDuties } from "./node-duties.ts";
import type { OwnerPorts } from "./owner-ports.ts";
import { createOwnerViews, type OwnerViews } from "./owner-views.ts";
import { patiently } from "./patiently.ts";
import { recallable } from "./recallable-sender.ts";
import { findFailing, findLanes, findRetries, findToldHolds } from "./recovery.ts";
import { createReplayer } from "./replayer.ts";
import { createRetention } from "./retention.ts";
import { createSending } from "./sending.ts";
import { createSkip } from "./skip.ts";
import { createTenure } from "./tenure.ts";

/** Delivers one lease's part of the log. */
export interface Owner extends Commands, OwnerViews, Pick<Eraser, "erase"> {
  /**
   * Recovers: lanes with rows, changes of endpoints and waiting retries first, then the log from the
   * checkpoint on, passing over what the store knows as settled. Resolves when every event up to the head has
   * been routed and sending has begun, unless that is paused, or when it was stopped meanwhile. One that
   * throws is stopped.
   */
  recover(how: "sending" | "paused"): Promise<void>;
  skip(skipping: Skipping): Promise<SkipResult>;
  replayRanges(): Promise<void>;
  /** Writes what lingers, with what is being stored. */
  onAppending(): void;
  onAppended(appended: Appended): void;
  /** Applies what the registry stored. */
  noteChanges(): void;
  /** Takes up what other nodes have written; returns whether anything of it was new. */
  note(news: News): boolean;
  /** Begins to send, if it has not. */
  resume(): void;
  stop(graceMs: number): Promise<void>;
}

/** What is told of when it fails. */
type Duty = "read" | "erase" | "replay";

const LAST_FLUSH_MS = 5000;

/** Takes a lease. Its owner does nothing until it recovers, and may be stopped from then on. */
export async function takeOwner(leaseId: number, ports: OwnerPorts): Promise<Owner> {
  const { store, clock, onFault } = ports;
  const lease = await store.takeLease(leaseId);
  const state = createLeaseState(lease, (await store.readHead(leaseId)).head);
  const { sender, recall } = recallable(ports.sender, lease, () => tenure.isHeld());
  const tenure = createTenure(lease, {
    ...ports,
    onRenewed: () => sending.dispatcher.resume(),
    onEnded: recall,
    // The next flush is fenced, and ends everything.
    onLost: () => sending.flusher.touch(),
  });
  const sending = createSending(state, { ...ports, sender, mayBegin: tenure.hasTime }, noteChanges);
  const { flusher, dispatcher, checkpointer, feeder, window, routes, onReady } = sending;
  const tell = (duty: Duty) => (error: unknown) => onFault({ what: `${duty}_failed` as const, error });
  const indexer = createIndexer(state, { ...ports, ...sending, onFailed: tell("read") });
  const greeter = createGreeter(state, { ...ports, routes, onReady });
  const follower = createFollower(state, {
    ...ports,
    ...sending,
    noteRouted(routed) {
      indexer.noteRouted(routed);
      sending.statKeeper.noteRouted(routed);
      sending.liveTeller.noteRouted(routed);
    },
    onRouted: () => checkpointer.trail(flusher.touch),
    onChanged(changed) {
      flusher.add(changeApplied(state, window, { ...changed, now: clock.now(), onRetryAdded: feeder.feed }));
      greeter.noteSaved(changed.endpoint);
      const lane = state.lanes.get(changed.endpoint.number);
      if (lane !== undefined) {
        onReady(lane);
      }
    },
    onFailed: tell("read"),
  });
  const asked = { ...ports, ...sending, ...follower, onRetryAdded: feeder.feed, onFailed: tell("read") };
  const { skip, expire } = createSkip(state, asked);
  const replayer = createReplayer(state, asked);
  const eraser = createEraser(state, { ...ports, ...sending, indexer, onFailed: tell("erase") });
  const ageing = createAgeing(state, { ...ports, eraser });
  const retention = createRetention(leaseId, { ...ports, expire, ageing });
  const views = createOwnerViews(state, { clock, ...sending });
  const duties = createNodeDuties(state, { ...asked, ...views, replayer, eraser });
  const stopped = Promise.withResolvers<void>();
  let isStopped = false;

  function noteChanges(): void {
    void follower.catchUp();
    duties.handOn();
  }

  /** What is paused waits for a person, however old it becomes meanwhile. */
  function resume(): void {
    if (!isStopped) {
      dispatcher.start();
      retention.start();
    }
  }

  async function recover(how: "sending" | "paused"): Promise<void> {
    tenure.start();
    try {
      // A step is repeated until the store answers, and what is left of it then is nobody's concern.
      await Promise.race([findAll(how), stopped.promise]);
    } catch (error) {
      await stop(0);
      throw error;
    }
  }

  async function findAll(how: "sending" | "paused"): Promise<void> {
    await findFailing(state, store);
    await findToldHolds(state, store);
    await findLanes(state, { store, routes });
    // What they end is not to be counted.
    await follower.applyChanges();
    await flusher.drained();
    await findRetries(state, store);
    // One that cannot be ended is left as it was asked: it keeps nobody else from being sent anything.
    await replayer.look().catch(tell("replay"));
    // Not before: where order matters, a replay that waits holds the live cursor.
    if (how === "sending") {
      resume();
    }
    await follower.catchUp();
    if (isStopped) {
      return;
    }
    for (const lane of state.lanes.values()) {
      onReady(lane);
    }
    feeder.feed();
    // What the owner before was asked for and did not come to.
    eraser.erase().catch(tell("erase"));
  }

  async function stop(graceMs: number): Promise<void> {
    isStopped = true;
    stopped.resolve();
    duties.stop();
    dispatcher.stop();
    follower.stop();
    indexer.stop();
    eraser.stop();
    replayer.stop();
    retention.stop();
    await patiently(clock, () => dispatcher.inFlight === 0, graceMs);
    checkpointer.hurry();
    sending.statKeeper.hurry();
    flusher.touch();
    let isDrained = false;
    void flusher.drained().then(() => {
      isDrained = true;
    });
    // A store that fails, or a lease that is lost, must not keep the process: recovery finds what is not
    // stored.
    await patiently(clock, () => isDrained, LAST_FLUSH_MS);
    checkpointer.stop();
    sending.statKeeper.stop();
    flusher.stop();
    sending.alarm.stop();
    // What comes of them is for the next owner to find out.
    recall();
    await tenure.end();
  }

  return {
    ...createCommands(state, asked),
    recover,
    skip,
    replayRanges: replayer.look,
    erase: eraser.erase,
    onAppending: flusher.join,
    onAppended: (appended) => follower.onAppended(appended),
    noteChanges,
    note(news) {
      const isBehind = news.head > state.routedTo || news.changes > state.changes;
      follower.note(news);
      duties.take(news);
      return isBehind || news.isAsked || news.hasOutgoing || news.hasInbox;
    },
    ...views,
    resume,
    stop,
  };
}
