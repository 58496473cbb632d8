import { createHash } from "node:crypto";
import { DAY_MS } from "../server/src/model/duration.ts";
import type { IdempotencyKey, NewEvent } from "../server/src/model/event.ts";
import type { Offset } from "../server/src/model/offset.ts";
import type { Tenant } from "../server/src/model/tenant.ts";
import { Problem } from "../server/src/problem.ts";
import type { Submission, SubmissionResult } from "../server/src/store.ts";
import type { Book, SubmittedEvent } from "./book.ts";
import type { SimClock } from "./clock.ts";
import type { Erasures } from "./erasures.ts";
import type { Lives } from "./lives.ts";
import type { Dice } from "./random.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import { EVENT_TYPES, type World } from "./world.ts";

/** The application: it submits events, and remembers what it was answered. */
export interface Producer {
  submit(): Promise<void>;
  readonly answers: readonly Answered[];
}

export interface Answered {
  readonly events: readonly SubmittedEvent[];
  /** `unknown`: no answer, or one that does not say whether the events are stored. */
  state: "unknown" | "refused" | "acked";
  offsets: readonly Offset[];
}

export interface ProducerPorts {
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly world: World;
  readonly book: Book;
  readonly lives: Lives;
  readonly erasures: Pick<Erasures, "wasAsked">;
}

// Longer than the clock jumps.
const KEYS_LAST_MS = 40 * 365 * DAY_MS;
const AGAIN_MS = 2000;
const TRIES_MAX = 5;

// One answer that says "stored" outweighs all others; one that says nothing outweighs refusals.
const CERTAINTY = { refused: 0, unknown: 1, acked: 2 };

export function createProducer(ports: ProducerPorts): Producer {
  const { clock, dice, trace, watch, world, book, lives } = ports;
  const answers: Answered[] = [];

  function wasErased(serial: number): boolean {
    return book.stored.some(
      (event) => event.offset === book.offsetOf(serial) && ports.erasures.wasAsked(event),
    );
  }

  async function submitOnce(
    tenant: Tenant,
    submission: Submission,
    answered: Answered,
  ): Promise<Answered["state"]> {
    try {
      const result = await lives.ask((engine) => engine.accept(tenant.shard, submission));
      return result === undefined ? "unknown" : note(result, answered);
    } catch (error) {
      if (!(error instanceof Problem)) {
        watch.fail("engine_does_not_throw", `accept: ${String(error)}`);
        return "unknown";
      }
      trace.add(`refused ${answered.events[0]?.serial} ${error.code}`);
      return error.code === "store_unavailable" ? "unknown" : "refused";
    }
  }

  function note(result: SubmissionResult, answered: Answered): Answered["state"] {
    const serials = answered.events.map(({ serial }) => serial);
    if (result.kind === "key_reused" && serials.some((serial) => wasErased(serial))) {
      // What its key came with is known no more.
      return "unknown";
    }
    if (result.kind === "key_reused") {
      watch.fail("keys_give_the_same_ids", `${serials} came with its own key and was told ${result.kind}`);
      return "unknown";
    }
    if (result.kind === "no_tenant") {
      return "refused";
    }
    trace.add(`acked ${serials} at ${result.offsets}`);
    if (answered.state === "acked" && String(answered.offsets) !== String(result.offsets)) {
      watch.fail("keys_give_the_same_ids", `${serials}: ${answered.offsets}, then ${result.offsets}`);
    }
    answered.offsets = result.offsets;
    return "acked";
  }

  return {
    answers,
    async submit() {
      const tenant = dice.pick(world.tenants);
      const count = dice.chance(0.7) ? 1 : dice.between(2, 6);
      const events = Array.from({ length: count }, () => drawEvent(tenant, ports));
      const answered: Answered = { events, state: "refused", offsets: [] };
      answers.push(answered);
      const kind = dice.pick(["none", "none", "request", "events"] as const);
      const submission = submissionOf(tenant, events, kind);
      for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
        const state = await submitOnce(tenant, submission, answered);
        answered.state = CERTAINTY[state] > CERTAINTY[answered.state] ? state : answered.state;
        const isAgain = answered.state === "acked" ? dice.chance(0.1) : true;
        if (kind === "none" || !isAgain) {
          return;
        }
        await new Promise<void>((resolve) => void clock.after(dice.below(AGAIN_MS), resolve));
      }
    },
  };

  function submissionOf(
    tenant: Tenant,
    events: readonly SubmittedEvent[],
    kind: "none" | "request" | "events",
  ): Submission {
    return {
      tenant: tenant.number,
      events: events.map((event) => ({
        event: newEvent(event),
        key: kind === "events" ? keyOf(`event ${event.serial}`, [event]) : undefined,
      })),
      key: kind === "request" ? keyOf(`request ${events[0]?.serial}`, events) : undefined,
      keysExpireAt: clock.now() + KEYS_LAST_MS,
    };
  }
}

function drawEvent(tenant: Tenant, { clock, dice, book, world }: ProducerPorts): SubmittedEvent {
  const mine = [...world.endpoints.values()].filter((endpoint) => endpoint.tenant === tenant);
  const padding = dice.chance(0.1) ? "x".repeat(dice.below(2000)) : "";
  const customer = dice.chance(0.95) ? '"customer": {"passport":"C01X00T47"}' : '"customer":null';
  return book.submit(
    {
      tenant: tenant.number,
      type: dice.pick(EVENT_TYPES),
      expiresAt: dice.chance(0.1) ? clock.now() + dice.pick([1, 1000, 60_000]) : undefined,
      to: dice.chance(0.05) ? dice.any(mine)?.number : undefined,
    },
    (serial) =>
      `{"serial":${serial},"exact": 12345678901234567890, "one":1.0,${customer},"pad":"${padding}"}`,
  );
}

function newEvent({ serial, type, data, expiresAt, to }: SubmittedEvent): NewEvent {
  return {
    type,
    // One in ten has no subject, which spektr cannot say.
    subject: serial % 10 === 7 ? undefined : `subject ${serial % 5}`,
    occurredAt: undefined,
    data: new TextEncoder().encode(data),
    extensions: undefined,
    expiresAt,
    to,
  };
}

function keyOf(text: string, events: readonly SubmittedEvent[]): IdempotencyKey {
  const hash = createHash("sha256");
  events.forEach(({ data }) => hash.update(data));
  return { text, hash: hash.digest() };
}
