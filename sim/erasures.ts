import { isErased } from "../server/src/model/erasure.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import type { Offset } from "../server/src/model/offset.ts";
import type { Tenant } from "../server/src/model/tenant.ts";
import { Problem } from "../server/src/problem.ts";
import type { ErasureRequest } from "../server/src/registry.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Book } from "./book.ts";
import type { Lives } from "./lives.ts";
import type { Dice } from "./random.ts";
import { isSimulatedFailure } from "./refusing-store.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";

/** The people who want things gone for good, as the API does it for them. */
export interface Erasures {
  /** Asks for an event of the tenant, or a subject's, to be erased. */
  ask(tenant: Tenant): Promise<void>;
  /** A tenant was deleted: all of it is erased. */
  end(tenant: Tenant): Promise<void>;
  wasAsked(event: StoredEvent): boolean;
  /** Whether a replay passes it over: it was asked for, or has aged. */
  isGone(event: StoredEvent): boolean;
  /** Whether a lane of the tenant may have been let go on before its time. */
  hasAsked(tenant: number): boolean;
  /** Checks that what was asked for is gone, and nothing else. */
  checkEnding(): Promise<void>;
}

export interface ErasurePorts {
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly book: Book;
  /** Past every fault. */
  readonly store: MemoryStore;
  readonly lives: () => Lives;
  /** What was kept for less time than its event. */
  readonly aged: ReadonlySet<Offset>;
}

interface Asked {
  readonly tenant: number;
  readonly what: ErasureRequest["what"] | "all";
  /** What was stored up to here must be gone, and nothing after `to`. */
  readonly sureTo: number;
  readonly to: number;
}

export function createErasures(ports: ErasurePorts): Erasures {
  const { dice, trace, watch, book, store, aged } = ports;
  const asked: Asked[] = [];

  async function note(tenant: Tenant, what: Asked["what"], request: () => Promise<void>): Promise<void> {
    const { head: sureTo } = await store.readHead(0);
    await request();
    const { head: to } = await store.readHead(0);
    asked.push({ tenant: tenant.number, what, sureTo, to });
    trace.add(`asks tenant ${tenant.number} to forget ${JSON.stringify(what)}`);
  }

  function covers({ tenant, what }: Asked, event: StoredEvent): boolean {
    const isMeant =
      what === "all" || ("offset" in what ? what.offset === event.offset : what.subject === event.subject);
    return tenant === event.tenant && isMeant;
  }

  const mustBeGone = (event: StoredEvent) =>
    asked.some((one) => covers(one, event) && event.offset <= one.sureTo);

  /** Whoever is answered finds nothing any more. */
  async function erase(tenant: Tenant): Promise<void> {
    const meant = book.stored.filter((event) => event.tenant === tenant.number && mustBeGone(event));
    try {
      const isAnswered = await ports.lives().ask(async (engine) => {
        await engine.erase(tenant.shard, tenant.number);
        return true;
      });
      if (isAnswered === true) {
        await checkGone(meant);
      }
    } catch (error) {
      if (!(error instanceof Problem) && !isSimulatedFailure(error)) {
        watch.fail("engine_does_not_throw", `erase: ${String(error)}`);
      }
    }
  }

  async function checkGone(events: readonly StoredEvent[]): Promise<void> {
    const offsets = events.map(({ offset }) => offset);
    const left = (await store.readEvents(0, offsets)).filter((event) => !isErased(event));
    const { attempts } = await store.readFacts({ tenant: events[0]?.tenant ?? 0, offsets });
    const told = attempts.filter(({ answer, payloadHash }) => (answer?.length ?? 0) > 0 || payloadHash);
    if (left.length > 0 || told.length > 0) {
      const serials = [...left, ...told].map(({ offset }) => book.serialAt(offset));
      watch.fail(
        "erased_is_gone",
        `${serials} can still be read: ${left.length} events, ${JSON.stringify(told)}`,
      );
    }
  }

  function wasAsked(event: StoredEvent): boolean {
    return asked.some((one) => covers(one, event) && event.offset <= one.to);
  }

  return {
    async ask(tenant) {
      const event = dice.any(book.stored.filter((stored) => stored.tenant === tenant.number));
      if (event === undefined) {
        return;
      }
      const { subject, offset } = event;
      const what = subject !== undefined && dice.chance(0.3) ? { subject } : { offset };
      await note(tenant, what, () => store.requestErasure({ tenant: tenant.number, what }));
      await erase(tenant);
    },
    async end(tenant) {
      await note(tenant, "all", () => Promise.resolve());
      await erase(tenant);
    },
    wasAsked,
    isGone: (event) => wasAsked(event) || aged.has(event.offset),
    hasAsked: (tenant) => asked.some((one) => one.tenant === tenant),
    async checkEnding() {
      await checkGone(book.stored.filter(mustBeGone));
      const offsets = book.stored.map(({ offset }) => offset);
      for (const now of await store.readEvents(0, offsets)) {
        const event = book.stored.find(({ offset }) => offset === now.offset);
        const isSame = event !== undefined && Buffer.compare(now.data, event.data) === 0;
        if (event !== undefined && !isSame && !this.isGone(event)) {
          watch.fail("nothing_else_is_erased", `${book.serialAt(now.offset)} was not asked for`);
        }
      }
      const [left] = await store.readErasures(0);
      if (left !== undefined) {
        watch.fail("erased_is_gone", `tenant ${left.tenant} waits for its erasure ${left.number}`);
      }
    },
  };
}
