import type { Reception } from "@posthorn/contracts/contract";
import type { Clock } from "../clock.ts";
import type { Sender } from "../outbound/sender.ts";
import { endpointAt } from "./contract-endpoint.ts";
import { outboundRequest } from "./outbound-request.ts";
import type { Route } from "./routes.ts";
import type { Fraction } from "./schedule.ts";

/** What a greeting came to. */
export interface GreetingOutcome {
  /** As it was when the greeting was made. */
  readonly route: Route;
  readonly reception: Reception;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface GreetingPorts {
  readonly clock: Clock;
  readonly sender: Sender;
  readonly fraction: Fraction;
}

const NOTHING_TO_ANSWER: Reception = { kind: "accepted" };

/** One greeting: render, send, judge. It is no attempt at a delivery, and nothing is stored of it. */
export async function greet(
  route: Route,
  { clock, sender, fraction }: GreetingPorts,
): Promise<GreetingOutcome> {
  const { contract } = route;
  const startedAt = clock.now();
  const endpoint = endpointAt(route, startedAt);
  const greeting = { id: greetingId(fraction), at: startedAt };
  const request = contract.handshake?.request(endpoint, greeting);
  if (contract.handshake === undefined || request === undefined) {
    return { route, reception: NOTHING_TO_ANSWER, startedAt, endedAt: startedAt };
  }
  const { answer } = await sender.send(outboundRequest(route, request));
  const endedAt = clock.now();
  // As with an attempt, what failed on Posthorn's own side is nothing a contract is asked about.
  const reception: Reception =
    answer.kind === "unsendable" || answer.kind === "sender_failed"
      ? { kind: "refused", reason: answer.code }
      : contract.handshake.reception({ endpoint, greeting, answer, at: endedAt });
  return { route, reception, startedAt, endedAt };
}

function greetingId(fraction: Fraction): `grt_${string}` {
  const words = Array.from({ length: 4 }, () => Math.floor(fraction() * 2 ** 32));
  return `grt_${words.map((word) => word.toString(16).padStart(8, "0")).join("")}`;
}
