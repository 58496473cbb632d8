import { Problem } from "../problem.ts";
import { type Acceptor, createAcceptor } from "./acceptor.ts";
import type { Engine } from "./engine.ts";
import { createKeyReaper } from "./key-reaper.ts";
import { type Owner, type OwnerStats, startOwner } from "./owner.ts";
import type { OwnerPorts } from "./owner-ports.ts";

interface Running {
  readonly acceptor: Acceptor;
  readonly owner: Owner;
}

/** Makes the engine of one process, which owns every lease of its store. */
export function createEngine(ports: OwnerPorts): Engine {
  const { store, limits } = ports;
  const reaper = createKeyReaper(ports);
  const running = new Map<number, Running>();
  let accepted = 0;
  let isStopping = false;

  async function run(lease: number, how: "sending" | "paused"): Promise<Running> {
    const owner = await startOwner(lease, ports, how);
    const acceptor = createAcceptor({
      store,
      lease,
      limits,
      onAppended: (appended) => owner.onAppended(appended),
      onFailed: (error) => ports.onFault({ what: "accept_failed", error }),
    });
    return { acceptor, owner };
  }

  function of(shard: number): Running {
    const found = running.get(store.leaseOf(shard));
    if (found === undefined || isStopping) {
      throw new Problem("shutting_down", "this process does not take requests now");
    }
    return found;
  }

  return {
    async start(how) {
      for (const lease of store.leases()) {
        running.set(lease, await run(lease, how));
      }
      reaper.start();
    },
    resume() {
      for (const { owner } of running.values()) {
        owner.resume();
      }
    },
    async stop(graceMs) {
      isStopping = true;
      reaper.stop();
      await Promise.all([...running.values()].map(({ owner }) => owner.stop(graceMs)));
    },
    async accept(shard, submission) {
      const result = await of(shard).acceptor.accept(submission);
      accepted += result.kind === "accepted" ? result.stored.length : 0;
      return result;
    },
    noteChanges: (shard) => of(shard).owner.noteChanges(),
    retry: async (shard, delivery) => await of(shard).owner.retry(delivery),
    cancel: async (shard, delivery) => await of(shard).owner.cancel(delivery),
    replay: async (shard, delivery) => await of(shard).owner.replay(delivery),
    skip: async (shard, skipping) => await of(shard).owner.skip(skipping),
    replayRanges: async (shard) => await of(shard).owner.replayRanges(),
    erase: async (shard, tenant) => await of(shard).owner.erase(tenant),
    laneView: (shard, endpoint) => running.get(store.leaseOf(shard))?.owner.laneView(endpoint),
    stats() {
      const all = [...running.values()].map(({ owner }) => owner.stats());
      const sum = (name: keyof OwnerStats) => all.reduce((total, stats) => total + stats[name], 0);
      return {
        accepted,
        attempts: sum("attempts"),
        delivered: sum("delivered"),
        inFlight: sum("inFlight"),
        endpointsWaiting: sum("endpointsWaiting"),
        deliveriesWaiting: sum("deliveriesWaiting"),
      };
    },
  };
}
