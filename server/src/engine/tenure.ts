import type { Clock, Timer } from "../clock.ts";
import type { Store, TakenLease } from "../store.ts";
import type { Fault } from "./fault.ts";

/** How long the owner of a lease may go on: it is renewed long before it ends. */
export interface Tenure {
  /** Whether so much of the lease is left that a request may begin. */
  hasTime(): boolean;
  /** Whether the lease has not ended, so that a request that has begun may go out. */
  isHeld(): boolean;
  start(): void;
  /** Renews it no more, and gives it up. */
  end(): Promise<void>;
}

export interface TenurePorts {
  readonly store: Pick<Store, "renewLease" | "releaseLease">;
  readonly clock: Clock;
  readonly onFault: (fault: Fault) => void;
  readonly onRenewed: () => void;
  /** Its time is over without a renewal: whoever wants it may have it now, or has it. */
  readonly onEnded: () => void;
  /** Another owner has the lease. */
  readonly onLost: () => void;
}

// A request may begin while this part of the lease is left, and it is renewed when as much of it has passed:
// one renewal may fail without keeping anything back.
const PARTS = 3;
const RENEW_AGAIN_MS = 1000;

const NEVER_TAKEN = { monotonic: -Infinity, wall: -Infinity };

export function createTenure(lease: TakenLease, ports: TenurePorts): Tenure {
  const { store, clock } = ports;
  const { leaseMs } = lease;
  // By both clocks, each of which may stand still or jump while a machine is suspended. Not before the first
  // renewal is it known when the lease was taken.
  let endsAt = NEVER_TAKEN;
  let timer: Timer | undefined;
  let ending: Timer | undefined;
  let isStopped = false;

  function partMs(): number {
    return (leaseMs ?? 0) / PARTS;
  }

  async function renew(): Promise<void> {
    // Before it is asked: the store counts from when it answers.
    const asked = { monotonic: clock.monotonic(), wall: clock.now() };
    try {
      if ((await store.renewLease(lease)) === "fenced") {
        isStopped = true;
        endsAt = NEVER_TAKEN;
        ending?.cancel();
        ports.onEnded();
        ports.onLost();
        return;
      }
      const held = leaseMs ?? 0;
      endsAt = { monotonic: asked.monotonic + held, wall: asked.wall + held };
      ending?.cancel();
      if (!isStopped) {
        ending = clock.after(endsAt.monotonic - clock.monotonic(), lapse);
      }
      ports.onRenewed();
      renewAfter(partMs());
    } catch (error) {
      ports.onFault({ what: "renew_failed", error });
      renewAfter(RENEW_AGAIN_MS);
    }
  }

  function lapse(): void {
    ports.onFault({ what: "lease_ended", lease: lease.id });
    ports.onEnded();
  }

  function renewAfter(delayMs: number): void {
    if (!isStopped) {
      timer = clock.after(delayMs, () => void renew());
    }
  }

  const leftMs = (): number =>
    leaseMs === undefined
      ? Infinity
      : Math.min(endsAt.monotonic - clock.monotonic(), endsAt.wall - clock.now());

  return {
    hasTime: () => leftMs() > partMs(),
    isHeld: () => leftMs() > 0,
    start() {
      if (leaseMs !== undefined) {
        void renew();
      }
    },
    async end() {
      isStopped = true;
      timer?.cancel();
      ending?.cancel();
      try {
        await store.releaseLease(lease);
      } catch (error) {
        ports.onFault({ what: "renew_failed", error });
      }
    },
  };
}
