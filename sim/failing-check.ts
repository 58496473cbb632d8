import { FAILING_SEEN_MS_MIN } from "../server/src/engine/limits.ts";
import type { Facts } from "../server/src/facts.ts";
import type { Attempt } from "../server/src/model/delivery.ts";
import { currentVersion } from "../server/src/model/endpoint.ts";
import type { Store } from "../server/src/store.ts";
import { SENDER_FAILED, UNSENDABLE } from "./faulty-sender.ts";
import type { Ledger } from "./ledger.ts";
import { endsFailing } from "./owed.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface FailingCheckPorts {
  readonly store: Store;
  readonly watch: Watch;
  readonly world: World;
  readonly ledger: Pick<Ledger, "changeAppliedAt" | "epoch">;
  /** Whether the clock on the wall can be trusted. */
  readonly isTimeSteady: boolean;
}

/** What the attempts that are stored say about one endpoint, apart from what the engine makes of it. */
interface Course {
  /** When the failures began that have not ended, in milliseconds since 1970. */
  failingSince: number | undefined;
  /** As `failingSince`, of the failures after the endpoint was changed last. */
  failingUnchangedSince: number | undefined;
  /** As `failingSince`, of the failures that the owner of this epoch has seen. */
  failingSeenSince: number | undefined;
  epoch: number;
  /** How long every request had failed by then: the longest that was seen in this flush. */
  failedForMs: number;
  /** As `failedForMs`, of the failures that the owner has seen. */
  seenForMs: number;
  /** What began before it was owed to the endpoint as it was before it was disabled or deleted. */
  abandonedAt: number;
  /** Up to where it was: what is applied again after a crash ends nothing that came since. */
  abandonedTo: number;
}

const NOT_FAILING = {
  failingSince: undefined,
  failingUnchangedSince: undefined,
  failingSeenSince: undefined,
} satisfies Partial<Course>;

/** Whether an attempt says something of its receiver: not if nothing was sent, or the sender failed. */
export function saysSomething({ payloadHash, verdict, status, reason }: Attempt): boolean {
  // What cannot be said is rejected unsent; an attempt whose event was erased has no hash either.
  const isSent = payloadHash !== undefined || status !== undefined || verdict !== "rejected";
  return isSent && reason !== SENDER_FAILED && reason !== UNSENDABLE;
}

/**
 * Checks after a flush that an endpoint is disabled for failing if it has failed for as long as its contract
 * allows, and only then.
 */
export function createFailingCheck(ports: FailingCheckPorts): (facts: Facts) => Promise<void> {
  const { store, watch, world } = ports;
  const courses = new Map<number, Course>();

  function courseOf(endpoint: number): Course {
    const known = courses.get(endpoint);
    if (known !== undefined) {
      return known;
    }
    const course = {
      ...NOT_FAILING,
      epoch: 0,
      failedForMs: 0,
      seenForMs: 0,
      abandonedAt: -1,
      abandonedTo: -1,
    };
    courses.set(endpoint, course);
    return course;
  }

  async function note(attempt: Attempt): Promise<void> {
    const course = courseOf(attempt.endpoint);
    if (attempt.batch !== undefined || !saysSomething(attempt) || attempt.startedAt <= course.abandonedAt) {
      return;
    }
    if (attempt.verdict !== "retry" && attempt.verdict !== "hold") {
      Object.assign(course, NOT_FAILING);
      return;
    }
    const endedAt = attempt.startedAt + attempt.durationMs;
    if (course.epoch !== ports.ledger.epoch) {
      course.epoch = ports.ledger.epoch;
      course.failingSeenSince = undefined;
    }
    course.failingSince ??= endedAt;
    course.failingSeenSince ??= endedAt;
    course.failingUnchangedSince = await unchangedSince(attempt, course, endedAt);
    course.failedForMs = Math.max(course.failedForMs, endedAt - course.failingSince);
    course.seenForMs = Math.max(course.seenForMs, endedAt - course.failingSeenSince);
    const since = course.failingUnchangedSince ?? endedAt;
    if (endedAt - Math.max(since, course.failingSeenSince) >= seenMsMinOf(attempt.endpoint)) {
      await checkLimit(attempt.endpoint, endedAt - since);
    }
  }

  /** Undefined while no owner has applied the change: it begins anew when one does. */
  async function unchangedSince(
    { endpoint: number }: Attempt,
    { failingUnchangedSince: since = -Infinity }: Course,
    endedAt: number,
  ): Promise<number | undefined> {
    const endpoint = await store.readEndpoint(number);
    const change = endpoint === undefined ? 0 : currentVersion(endpoint).change;
    if (ports.ledger.changeAppliedAt(change) === undefined) {
      return undefined;
    }
    return since > (endpoint?.updatedAt ?? 0) ? since : endedAt;
  }

  async function checkLimit(endpoint: number, failingMs: number): Promise<void> {
    const limitMs = limitOf(endpoint);
    const stored = await store.readEndpoint(endpoint);
    const state = stored === undefined ? undefined : currentVersion(stored).state;
    if (failingMs >= limitMs && (state === "enabled" || state === "paused")) {
      watch.fail(
        "failing_is_disabled",
        `endpoint ${endpoint} has failed for ${failingMs} ms of ${limitMs} and is ${state}`,
      );
    }
  }

  function limitOf(endpoint: number): number {
    return world.endpoints.get(endpoint)?.contract.defaults.disableAfterMs ?? Infinity;
  }

  /** What a clock that was wrong may have stored disables nothing by itself. */
  function seenMsMinOf(endpoint: number): number {
    return Math.min(FAILING_SEEN_MS_MIN, limitOf(endpoint) / 2);
  }

  function checkDisabling(endpoint: number): void {
    const { failedForMs, seenForMs } = courseOf(endpoint);
    if (failedForMs < limitOf(endpoint) || seenForMs < seenMsMinOf(endpoint)) {
      watch.fail(
        "failing_is_disabled",
        `endpoint ${endpoint} is disabled after failing for ${failedForMs} ms, ${seenForMs} of them seen`,
      );
    }
  }

  return async (facts) => {
    if (!ports.isTimeSteady) {
      return;
    }
    const { attempts, disabled, abandoned } = facts;
    for (const course of courses.values()) {
      course.failedForMs = 0;
      course.seenForMs = 0;
    }
    for (const attempt of attempts) {
      await note(attempt);
    }
    for (const { endpoint, reason } of disabled) {
      if (reason === "failing_for_too_long") {
        checkDisabling(endpoint);
      }
    }
    for (const { endpoint, at, to } of abandoned.filter(endsFailing)) {
      const course = courseOf(endpoint);
      if (to > course.abandonedTo) {
        Object.assign(course, NOT_FAILING, { abandonedAt: at, abandonedTo: to });
      }
    }
  };
}
