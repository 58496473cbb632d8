import { Problem } from "../problem.ts";
import type { Appended } from "../store.ts";
import { type Acceptor, createAcceptor } from "./acceptor.ts";
import { askElsewhere } from "./asked-elsewhere.ts";
import { type Asking, commandResultIn, skipResultIn, standingIn } from "./asking.ts";
import type { Engine } from "./engine.ts";
import { createInFlight } from "./in-flight.ts";
import { createKeyReaper } from "./key-reaper.ts";
import { createLiveRelay } from "./live-relay.ts";
import type { Owner } from "./owner.ts";
import type { EnginePorts } from "./owner-ports.ts";
import type { OwnerStats } from "./owner-views.ts";
import { createAllOwners } from "./owners.ts";
import { createSharedOwners } from "./shared-owners.ts";

/**
 * Makes the engine of one process. It accepts for every lease of its store, and delivers for those that it
 * owns: all of them, or its share.
 */
export function createEngine(ports: EnginePorts): Engine {
  const { store, sharing, limits, clock } = ports;
  const reaper = createKeyReaper(ports);
  const acceptors = new Map<number, Acceptor>();
  const room = { bytes: 0, events: 0 };
  const relay =
    sharing === undefined || ports.live === undefined
      ? undefined
      : createLiveRelay({
          hub: ports.live,
          sharing,
          clock,
          onFailed: (error) => ports.onFault({ what: "read_failed", error }),
        });
  const ofOwners = {
    ...ports,
    live: relay ?? ports.live,
    inFlight: createInFlight(limits),
    accept: (lease: number, submission: Parameters<Acceptor["accept"]>[0]) =>
      acceptorOf(lease).accept(submission),
  };
  const owners =
    sharing === undefined
      ? createAllOwners(ofOwners)
      : createSharedOwners({ ...ofOwners, onMet: relay?.note }, sharing);
  let accepted = 0;
  let isStopping = false;

  function acceptorOf(lease: number): Acceptor {
    const known = acceptors.get(lease);
    if (known !== undefined) {
      return known;
    }
    const made = createAcceptor({
      store,
      lease,
      room,
      clock,
      limits,
      onAppending: () => owners.of(lease)?.onAppending(),
      onAppended: (appended) => tell(lease, appended),
      onFailed: (error) => ports.onFault({ what: "accept_failed", error }),
    });
    acceptors.set(lease, made);
    return made;
  }

  function tell(lease: number, appended: Appended): void {
    const owner = owners.of(lease);
    if (owner === undefined) {
      sharing?.hint(lease);
    } else {
      owner.onAppended(appended);
    }
  }

  /** The owner of a shard's lease; undefined: another node has it. Throws when nothing is taken any more. */
  function ownerOf(shard: number): Owner | undefined {
    const owner = owners.of(store.leaseOf(shard));
    if (isStopping || (sharing === undefined && owner === undefined)) {
      throw closed();
    }
    return owner;
  }

  /** Asks the owner of a shard's lease: here, or on whichever node it is. */
  async function ask<Result>(
    shard: number,
    here: (owner: Owner) => Promise<Result>,
    elsewhere: { readonly asking: Asking; readonly read: (answer: string) => Result },
  ): Promise<Result> {
    const owner = ownerOf(shard);
    if (owner !== undefined) {
      return await here(owner);
    }
    if (sharing === undefined) {
      throw closed();
    }
    const asked = askElsewhere(store.leaseOf(shard), elsewhere.asking, { sharing, clock });
    return elsewhere.read(await asked);
  }

  const command = (kind: "retry" | "cancel" | "replay"): Engine["retry"] => {
    return (shard, delivery) =>
      ask(shard, (owner) => owner[kind](delivery), { asking: { kind, delivery }, read: commandResultIn });
  };

  return {
    async start(how) {
      await owners.start(how);
      reaper.start();
      relay?.start();
    },
    resume: owners.resume,
    async stop(graceMs) {
      isStopping = true;
      reaper.stop();
      relay?.stop();
      await owners.stop(graceMs);
    },
    async accept(shard, submission) {
      ownerOf(shard);
      const result = await acceptorOf(store.leaseOf(shard)).accept(submission);
      accepted += result.kind === "accepted" ? result.stored.length : 0;
      return result;
    },
    noteChanges(shard) {
      const owner = ownerOf(shard);
      if (owner === undefined) {
        sharing?.hint(store.leaseOf(shard));
      } else {
        owner.noteChanges();
      }
    },
    retry: command("retry"),
    cancel: command("cancel"),
    replay: command("replay"),
    skip: (shard, skipping) =>
      ask(shard, (owner) => owner.skip(skipping), { asking: { kind: "skip", skipping }, read: skipResultIn }),
    replayRanges: (shard) =>
      ask(shard, (owner) => owner.replayRanges(), { asking: { kind: "replay_ranges" }, read: nothing }),
    erase: (shard, tenant) =>
      ask(shard, (owner) => owner.erase(tenant), { asking: { kind: "erase", tenant }, read: nothing }),
    owns: (shard) => owners.of(store.leaseOf(shard)) !== undefined,
    laneView: (shard, endpoint) => owners.of(store.leaseOf(shard))?.laneView(endpoint),
    standing: async (shard, tenant) =>
      await ask(shard, async (owner) => owner.standing(tenant), {
        asking: { kind: "standing", tenant },
        read: standingIn,
      }),
    stoppedEndpoints: () => owners.all().flatMap((owner) => owner.stoppedEndpoints()),
    ownsAll: () => store.leases().every((lease) => owners.of(lease) !== undefined),
    underWay() {
      const all = owners.all().map((owner) => owner.underWay());
      return {
        inFlight: all.reduce((total, { inFlight }) => total + inFlight, 0),
        unwritten: all.reduce((total, { unwritten }) => total + unwritten, 0),
      };
    },
    stats() {
      const all = owners.all().map((owner) => owner.stats());
      const sum = (name: Exclude<keyof OwnerStats, "oldestDueAt">) =>
        all.reduce((total, stats) => total + stats[name], 0);
      return {
        accepted,
        attempts: sum("attempts"),
        delivered: sum("delivered"),
        inFlight: sum("inFlight"),
        unwritten: sum("unwritten"),
        endpointsWaiting: sum("endpointsWaiting"),
        deliveriesWaiting: sum("deliveriesWaiting"),
        lanesHeld: sum("lanesHeld"),
        lanesStopped: sum("lanesStopped"),
        oldestDueAt: all.flatMap(({ oldestDueAt }) => oldestDueAt ?? []).sort((a, b) => a - b)[0],
      };
    },
  };
}

function closed(): Problem {
  return new Problem("shutting_down", "this process does not take requests now");
}

function nothing(): void {}
