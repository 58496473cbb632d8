import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { OutboundRequest, Sender, Sent, Unsent } from "../server/src/outbound/sender.ts";
import type { Store } from "../server/src/store.ts";
import type { Faults } from "./faults.ts";
import type { Life } from "./life.ts";
import type { FaultName } from "./plan.ts";
import type { Dice } from "./random.ts";
import { payloadHashOf, type Receivers } from "./receivers.ts";
import type { Trace } from "./trace.ts";
import type { KnownEndpoint, World } from "./world.ts";

export interface FaultySenderPorts {
  readonly life: Life;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly world: World;
  readonly receivers: Receivers;
  /** The lease's epoch now. */
  readonly epoch: () => number;
  /** Waits although the process may have ended: what is on the wire arrives. */
  readonly onTheWire: (ms: number) => Promise<void>;
  readonly watchRequest: (known: KnownEndpoint, stored: Endpoint, request: OutboundRequest) => RequestWatch;
  /** Past every fault. */
  readonly readEndpoint: Store["readEndpoint"];
}

/** Follows one request from its start to what its sender learns of it. */
export interface RequestWatch {
  answered(answer: Sent["answer"]): void;
}

const ROUND_TRIP_MS = 40;

/** What an attempt that failed on the sender's own side says; the invariants know it by this. */
export const SENDER_FAILED = "proxy_unreachable";
export const UNSENDABLE = "request_invalid";

const UNSENT: readonly (readonly [FaultName, Unsent])[] = [
  ["sender_fails", { kind: "sender_failed", code: SENDER_FAILED, detail: "" }],
  ["request_unsendable", { kind: "unsendable", code: UNSENDABLE, detail: "" }],
];

/** The network between one process and the receivers. */
export function faultySender(ports: FaultySenderPorts): Sender {
  const { life, faults, dice, trace, world, receivers } = ports;

  async function exchange(endpoint: KnownEndpoint, request: OutboundRequest): Promise<Sent["answer"]> {
    const { timeoutMs } = request;
    const { epoch } = life;
    const unsent = UNSENT.find(([name]) => faults.fires(name));
    if (unsent !== undefined) {
      await life.pass(dice.below(ROUND_TRIP_MS));
      trace.add(`${life.name} sends nothing to ${endpoint.host}: ${unsent[1].code}`);
      return unsent[1];
    }
    if (!receivers.isReachable(endpoint)) {
      await life.pass(dice.below(ROUND_TRIP_MS));
      return dice.chance(0.5)
        ? { kind: "unreachable", code: "connection_refused", detail: "" }
        : await timedOut(timeoutMs);
    }
    const travelMs = dice.below(faults.fires("answer_slow") ? timeoutMs : ROUND_TRIP_MS);
    await ports.onTheWire(travelMs);
    const answer = receivers.arrive(endpoint, request, life.isOver || epoch < ports.epoch());
    const names = `${endpoint.host} ${payloadHashOf(request.payload)}`;
    trace.add(`${life.name} reached ${names} ${answer.kind === "status" ? answer.status : answer.kind}`);
    if (faults.fires("crash_at_send") && dice.chance(0.2)) {
      await life.crash("after the receiver got it");
    }
    if (faults.fires("answer_lost")) {
      return dice.chance(0.5)
        ? { kind: "unreachable", code: "connection_reset", detail: "" }
        : await timedOut(timeoutMs - travelMs);
    }
    const answerMs = dice.below(faults.fires("answer_slow") ? 2 * timeoutMs : ROUND_TRIP_MS);
    if (travelMs + answerMs > timeoutMs) {
      return await timedOut(timeoutMs - travelMs);
    }
    await life.pass(answerMs);
    return answer;
  }

  async function timedOut(afterMs: number): Promise<Sent["answer"]> {
    await life.pass(afterMs);
    return { kind: "timed_out", code: "timeout_headers", detail: "" };
  }

  return {
    async send(request): Promise<Sent> {
      const startedAt = life.clock.monotonic();
      const endpoint = world.hosts.get(new URL(request.url).hostname);
      const stored = endpoint === undefined ? undefined : await ports.readEndpoint(endpoint.number);
      if (life.isOver || endpoint === undefined || stored === undefined) {
        await life.crash("already");
        throw new Error(`a request goes to an endpoint of the world, got ${request.url}`);
      }
      if (faults.fires("crash_at_send") && dice.chance(0.2)) {
        await life.crash("before the request left");
      }
      const watched = ports.watchRequest(endpoint, stored, request);
      const answer = await exchange(endpoint, request);
      await life.awake();
      if (life.isOver) {
        await life.crash("already");
      }
      watched.answered(answer);
      return { answer, phases: { endMs: life.clock.monotonic() - startedAt } };
    },
    async close() {},
  };
}
