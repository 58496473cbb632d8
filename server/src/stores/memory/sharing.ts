import type { Clock } from "../../clock.ts";
import type { Answered } from "../../facts.ts";
import type { RelayedFacts, Sharing } from "../../sharing.ts";
import type { Lease, Store } from "../../store.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import type { State } from "./state.ts";

/** The store as one of several nodes has it. */
export interface MemoryNode {
  readonly store: Store;
  readonly sharing: Sharing;
}

export interface NodesPorts {
  readonly state: State;
  readonly store: Store;
  /** Leases last by its monotonic time, which nobody sets. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Default: for ever. */
  readonly leaseMs?: number;
}

/** What nodes told those who watch on others, and is kept for them. */
const RELAYED_MAX = 100;

const FREE = { holder: undefined, until: -Infinity };

/** Opens the nodes of one store, which share its only lease as they would share many. */
export function createNodes({
  state,
  store,
  clock,
  leaseMs = Infinity,
}: NodesPorts): (holder: string) => MemoryNode {
  const aliveUntil = new Map<string, number>();
  const listeners = new Map<string, (lease: number) => void>();
  const watching = new Map<string, { readonly tenants: readonly number[]; readonly until: number }>();
  let relayed: readonly (RelayedFacts & { readonly holder: string })[] = [];
  const leases = store.leases();
  let held: { readonly holder: string | undefined; readonly until: number } = FREE;

  const fromNow = (): number => clock.monotonic() + leaseMs;
  const isFree = (): boolean => held.until <= clock.monotonic();

  const isOf = (holder: string, { epoch }: Lease): boolean =>
    held.holder === holder && epoch === state.lease.epoch;

  return (holder) => ({
    store: {
      ...store,
      async takeLease(lease) {
        if (held.holder !== holder && !isFree()) {
          throw new StoreUnavailable(new Error(`another node has the lease ${lease}`));
        }
        held = { holder, until: fromNow() };
        return await store.takeLease(lease);
      },
      async renewLease(lease) {
        if (!isOf(holder, lease)) {
          return "fenced";
        }
        held = { holder, until: fromNow() };
        return "renewed";
      },
      async releaseLease(lease) {
        held = isOf(holder, lease) ? FREE : held;
      },
    },
    sharing: {
      leaseMs,
      async meet() {
        aliveUntil.set(holder, fromNow());
        const nodes = [...aliveUntil.values()].filter((until) => until > clock.monotonic());
        const others = [...watching].filter(
          ([other, { until }]) => other !== holder && until > clock.monotonic(),
        );
        const watched = [...new Set(others.flatMap(([, { tenants }]) => tenants))];
        return { nodes: nodes.length, free: isFree() ? leases : [], watched, isPaused: state.isPaused };
      },
      async claim(wanted) {
        const got = isFree() ? wanted.filter((lease) => leases.includes(lease)) : [];
        held = got.length > 0 ? { holder, until: fromNow() } : held;
        return got;
      },
      async leave() {
        aliveUntil.delete(holder);
      },
      async readNews(wanted) {
        const isAsked = [...state.commands.values()].some(({ isDone }) => !isDone);
        const { head, changes } = state;
        return wanted.map((lease) => ({
          lease,
          head,
          changes,
          isAsked,
          hasOutgoing: false,
          hasInbox: false,
          hasErasures: state.erasures.size > 0,
        }));
      },
      hint: (lease) => listeners.forEach((hear) => hear(lease)),
      onHint: (listener) => void listeners.set(holder, listener),
      async ask(_lease, what) {
        state.commandsAsked += 1;
        state.commands.set(state.commandsAsked, { what, isDone: false, answer: undefined });
        return state.commandsAsked;
      },
      async takeAnswer(_lease, number) {
        const answer = state.commands.get(number)?.answer;
        if (answer !== undefined) {
          state.commands.delete(number);
        }
        return answer;
      },
      async readAsked(_lease, limit) {
        const open = [...state.commands].filter(([, { isDone }]) => !isDone);
        return open.slice(0, limit).map(([number, { what }]) => ({ number, what }));
      },
      // One lease has every shard: nothing is to be told in another.
      readOutbox: async () => [],
      // No application has a transaction in memory.
      moveInbox: async () => "empty",
      async watch(tenants, forMs) {
        watching.set(holder, { tenants, until: clock.monotonic() + forMs });
      },
      async putLive(told) {
        relayed = [
          ...relayed.slice(-RELAYED_MAX),
          { ...told, holder, number: (relayed.at(-1)?.number ?? 0) + 1 },
        ];
      },
      readLive: async (seen) =>
        relayed.filter((told) => told.holder !== holder && !seen.includes(told.number)),
    },
  });
}

/** Notes that something asked is done; an answer stays, whatever is written again. */
export function noteAnswered({ commands }: State, { asked, answer }: Answered): void {
  const known = commands.get(asked);
  if (known !== undefined) {
    commands.set(asked, { ...known, isDone: true, answer: known.answer ?? answer });
  }
}
