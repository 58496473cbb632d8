import { CIRCUIT_OPEN } from "../server/src/engine/circuit.ts";
import { CIRCUIT_FAILING_MS_MIN, CIRCUIT_FAILURES_MIN } from "../server/src/engine/limits.ts";
import type { Facts } from "../server/src/facts.ts";
import type { Attempt, Hold } from "../server/src/model/delivery.ts";
import { currentVersion } from "../server/src/model/endpoint.ts";
import type { Store } from "../server/src/store.ts";
import { saysSomething } from "./failing-check.ts";
import type { Ledger } from "./ledger.ts";
import { endsFailing } from "./owed.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface CircuitCheckPorts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
  /** Whether the clock on the wall can be trusted. */
  readonly isTimeSteady: boolean;
}

/** Failures in a row, as the attempts that are stored tell them. */
interface Run {
  readonly since: number;
  readonly offsets: Set<number>;
}

interface Course {
  /** Whatever happened between: nobody may see more failures in a row. */
  all: Run | undefined;
  /** Of one owner, of the endpoint as it is, while something of it waited: nobody may see fewer. */
  certain: Run | undefined;
  /** The owner to which `certain` belongs. */
  epoch: number;
  /** What began before it was owed to the endpoint as it was before it was disabled or deleted. */
  abandonedAt: number;
  isOpen: boolean;
}

/**
 * Checks after a flush that an endpoint that failed so many deliveries in a row for so long is held, and
 * that no other is held as one that does.
 */
export function createCircuitCheck(ports: CircuitCheckPorts): (facts: Facts) => Promise<void> {
  const { store, ledger, watch, world } = ports;
  const courses = new Map<number, Course>();

  function courseOf(endpoint: number): Course {
    const known = courses.get(endpoint);
    if (known !== undefined) {
      return known;
    }
    const course = {
      all: undefined,
      certain: undefined,
      epoch: 0,
      abandonedAt: -1,
      isOpen: false,
    };
    courses.set(endpoint, course);
    return course;
  }

  async function note(attempt: Attempt, course: Course): Promise<void> {
    const { verdict, offset } = attempt;
    if (!saysSomething(attempt) || attempt.startedAt <= course.abandonedAt || verdict === "hold") {
      return;
    }
    if (verdict !== "retry") {
      course.all = undefined;
      course.certain = undefined;
      return;
    }
    const at = attempt.startedAt + attempt.durationMs;
    const endpoint = await store.readEndpoint(attempt.endpoint);
    const changedAt = endpoint?.updatedAt ?? 0;
    const isCertain = course.epoch === ledger.epoch && (course.certain?.since ?? 0) > changedAt;
    // It begins anew when its owner applies a change.
    const isApplied = endpoint && ledger.changeAppliedAt(currentVersion(endpoint).change) !== undefined;
    course.epoch = ledger.epoch;
    course.all = withFailure(course.all, offset, at);
    course.certain = isApplied ? withFailure(isCertain ? course.certain : undefined, offset, at) : undefined;
    course.isOpen ||= isOpen(course.all, at);
    await checkHeld(attempt.endpoint, course.certain !== undefined && isOpen(course.certain, at));
  }

  async function checkHeld(endpoint: number, mustBeHeld: boolean): Promise<void> {
    const stored = await store.readEndpoint(endpoint);
    const state = stored === undefined ? "deleted" : currentVersion(stored).state;
    const isAlive = state === "enabled" || state === "paused";
    if (mustBeHeld && isAlive && ledger.lanes.get(endpoint)?.hold === undefined) {
      watch.fail("failing_is_held", `endpoint ${endpoint} fails everything and is not held`);
    }
  }

  function checkLane({ endpoint, hold }: Facts["lanes"][number]): void {
    if (isHeldForIt(hold) && !courseOf(endpoint).isOpen) {
      watch.fail("failing_is_held", `endpoint ${endpoint} is held as failing: ${hold?.reason}`);
    }
  }

  return async (facts) => {
    if (!ports.isTimeSteady) {
      return;
    }
    for (const { endpoint, at } of facts.abandoned.filter(endsFailing)) {
      Object.assign(courseOf(endpoint), { all: undefined, certain: undefined, abandonedAt: at });
    }
    for (const attempt of facts.attempts) {
      if (world.endpoints.get(attempt.endpoint)?.contract.discipline === "each") {
        await note(attempt, courseOf(attempt.endpoint));
      }
    }
    facts.lanes.forEach(checkLane);
    for (const [endpoint, course] of courses) {
      course.isOpen = isHeldForIt(ledger.lanes.get(endpoint)?.hold);
      // A lane with nothing to do leaves memory, and what it knew goes with it.
      course.certain = ledger.retriesOf(endpoint) === 0 ? undefined : course.certain;
    }
  };
}

function withFailure(run: Run | undefined, offset: number, at: number): Run {
  return { since: run?.since ?? at, offsets: new Set([...(run?.offsets ?? []), offset]) };
}

function isHeldForIt(hold: Hold | undefined): boolean {
  return hold?.reason.startsWith(CIRCUIT_OPEN) === true;
}

function isOpen(run: Run, now: number): boolean {
  return run.offsets.size >= CIRCUIT_FAILURES_MIN && now - run.since >= CIRCUIT_FAILING_MS_MIN;
}
