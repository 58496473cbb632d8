import { RATE_BURST_MS } from "../server/src/engine/limits.ts";
import type { Sent } from "../server/src/outbound/sender.ts";
import { USERS_CONTRACTS, WELCOME_HEADER } from "./contracts.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface RateCheckPorts {
  readonly watch: Watch;
  /** Monotonic. */
  readonly elapsed: () => number;
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
}

/** Checks that one process keeps to the rate of every endpoint, in whatever span one looks at it. */
export interface RateCheck {
  /** Looks at a request with events that starts now. */
  sends(endpoint: KnownEndpoint): void;
  /** Learns what a greeting came to: whoever accepts it may want a rate of its own. */
  greeted(endpoint: KnownEndpoint, answer: Sent["answer"]): void;
}

interface Course {
  /** Requests a second that the receiver wants; infinite where it does not say. */
  welcomeRate: number;
  /** When the requests started to which the present rate applies. */
  startedAt: number[];
}

export function createRateCheck({ watch, elapsed, readingMsMax }: RateCheckPorts): RateCheck {
  const courses = new Map<number, Course>();

  function courseOf({ number }: KnownEndpoint): Course {
    const known = courses.get(number);
    if (known !== undefined) {
      return known;
    }
    const course = { welcomeRate: Infinity, startedAt: [] };
    courses.set(number, course);
    return course;
  }

  return {
    sends(endpoint) {
      const { welcomeRate, startedAt } = courseOf(endpoint);
      const rate = Math.min(endpoint.config.ratePerSecond ?? Infinity, welcomeRate);
      if (rate === Infinity) {
        return;
      }
      startedAt.push(elapsed());
      const burst = Math.max(1, (rate * RATE_BURST_MS) / 1000);
      for (const [index, from] of startedAt.entries()) {
        const count = startedAt.length - index;
        // What was taken to be sent earlier may start at the same time, once its event has been read.
        const allowed = burst + (rate * (elapsed() - from + readingMsMax)) / 1000;
        if (count > allowed + 0.001) {
          const name = `endpoint ${endpoint.number}`;
          watch.fail(
            "limits_hold",
            `${name} gets ${count} requests since ${from} ms, allowed ${allowed.toFixed(1)}`,
          );
          return;
        }
      }
    },
    greeted(endpoint, answer) {
      // The header is of our own contracts; Bubblehouse's handshake names no rate.
      const isRead = USERS_CONTRACTS.includes(endpoint.contract) && answer.kind === "status";
      const welcomeRate = isRead ? Number(answer.headers[WELCOME_HEADER]) : 0;
      if (welcomeRate > 0) {
        courses.set(endpoint.number, { welcomeRate, startedAt: [] });
      }
    },
  };
}
