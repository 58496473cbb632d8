/** The receivers of a run: one process, one port, a path and a log entry for each contract. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BUBBLEHOUSE_SECRET } from "./api-calls.ts";
import { LIFE_HEADER } from "./crashing-ports.ts";
import {
  RECEIVERS,
  type Receipt,
  type ReceivedEvent,
  type ReceiverAnswer,
  type ReceiverName,
} from "./logs.ts";
import type { Chance } from "./seeded.ts";
import { isHello, type ReceivedRequest, VERIFIERS, verifyHello } from "./verify.ts";

/** What a receiver does with a request that it verified. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly answer: ReceiverAnswer;
      readonly status: number;
      readonly text: string;
    }
  /** It takes a while, and then the connection is cut instead of an answer. */
  | { readonly kind: "cut"; readonly afterMs: number };

export type Behaviour = (receiver: ReceiverName, events: readonly ReceivedEvent[]) => Reply;

export interface Receivers {
  readonly receipts: readonly Receipt[];
  /** Events settled so far, by receiver. */
  readonly settled: Readonly<Record<ReceiverName, ReadonlySet<number>>>;
  /** Where a receiver listens. */
  urlOf(receiver: ReceiverName): string;
  /** With which secret it verifies from now on. */
  entrust(receiver: ReceiverName, secret: string): void;
  behave(behaviour: Behaviour): void;
  /** Resolves at the next receipt. */
  received(): Promise<void>;
  close(): Promise<void>;
}

export async function startReceivers(): Promise<Receivers> {
  const receipts: Receipt[] = [];
  const settled: Readonly<Record<ReceiverName, Set<number>>> = {
    bspk: new Set(),
    spektr: new Set(),
    bubblehouse: new Set(),
    standard: new Set(),
  };
  const secrets = new Map<ReceiverName, string>([["bubblehouse", BUBBLEHOUSE_SECRET]]);
  const cutters = new Set<NodeJS.Timeout>();
  const listeners: (() => void)[] = [];
  let behaviour: Behaviour = takeAll;

  /** Writes the receipt, then answers: what was answered is in the log, whatever becomes of the answer. */
  function receive(request: IncomingMessage, payload: Buffer, response: ServerResponse): void {
    const path = request.url ?? "";
    if (isHello({ path })) {
      response.writeHead(200).end(helloTo({ path, headers: request.headers, payload }));
      return;
    }
    const receiver = RECEIVERS.find((name) => path.startsWith(`/${name}`)) ?? "standard";
    const life = Number(request.headers[LIFE_HEADER] ?? 0);
    let events: readonly ReceivedEvent[] = [];
    let problem: string | undefined;
    try {
      const { headers } = request;
      events = VERIFIERS[receiver]({ path, headers, payload }, secrets.get(receiver) ?? "");
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const reply = problem === undefined ? behaviour(receiver, events) : UNVERIFIED;
    const given = reply.kind === "cut" ? "none" : reply.answer;
    receipts.push({ receiver, life, events, answer: given, ...(problem === undefined ? {} : { problem }) });
    for (const { number } of given === "taken" || given === "refused" ? events : []) {
      settled[receiver].add(number);
    }
    if (reply.kind === "answer") {
      response.writeHead(reply.status, { "content-type": "application/json" }).end(reply.text);
    } else {
      cutLater(response, reply.afterMs);
    }
    for (const listener of listeners.splice(0)) {
      listener();
    }
  }

  /** The answer to Hello1: no event, so no receipt. One that cannot be verified is asked again. */
  function helloTo(request: ReceivedRequest): string {
    try {
      const magic = verifyHello(request, secrets.get("bubblehouse") ?? "");
      return JSON.stringify({ magic, hooks: ["SendEvent1"] });
    } catch {
      return "";
    }
  }

  function cutLater(response: ServerResponse, afterMs: number): void {
    const timer = setTimeout(() => {
      cutters.delete(timer);
      response.destroy();
    }, afterMs);
    cutters.add(timer);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => receive(request, Buffer.concat(chunks), response));
  });
  // A connection that a receiver ends just when a request comes is another test's subject.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    receipts,
    settled,
    urlOf: (receiver) => `${base}/${receiver}${receiver === "bubblehouse" ? "/:name" : ""}`,
    entrust: (receiver, secret) => void secrets.set(receiver, secret),
    behave(next) {
      behaviour = next;
    },
    received: () => new Promise((resolve) => listeners.push(resolve)),
    async close() {
      for (const timer of cutters) {
        clearTimeout(timer);
      }
      for (const listener of listeners.splice(0)) {
        listener();
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const UNVERIFIED: Reply = { kind: "answer", answer: "failed", status: 401, text: "" };

/** Takes everything but what it always refuses. */
export const takeAll: Behaviour = (receiver, events) => {
  const [{ number } = { number: 0 }] = events;
  switch (receiver) {
    case "bspk":
      return number % 23 === 7 ? answer("refused", 422) : answer("taken", 200);
    case "bubblehouse":
      return number % 29 === 7 ? outcome("refused", "invalid_data") : outcome("taken", "sent");
    case "spektr":
    case "standard":
      return answer("taken", 200);
  }
};

// How often a receiver fails for now. What holds a whole lane for a second or more is rare, so that most of
// a run is not spent waiting; what only one delivery waits for is not.
const FAILING: Readonly<Record<ReceiverName, number>> = {
  bspk: 0.2,
  spektr: 0.06,
  bubblehouse: 0.004,
  standard: 0.12,
};
const HELD = 0.002;
const CUT: Readonly<Record<ReceiverName, number>> = {
  bspk: 0.02,
  spektr: 0.02,
  bubblehouse: 0.002,
  standard: 0.02,
};
const CUT_MS_MAX = 600;

/** Fails now and then, by chance: with an answer, by holding the lane, or by cutting the connection. */
export function failNowAndThen(chance: Chance): Behaviour {
  return (receiver, events) => {
    if (chance.happens(CUT[receiver])) {
      return { kind: "cut", afterMs: chance.below(CUT_MS_MAX) };
    }
    if (receiver === "standard" && chance.happens(HELD)) {
      return answer("failed", 503);
    }
    return chance.happens(FAILING[receiver]) ? failure(receiver) : takeAll(receiver, events);
  };
}

/** One receiver makes its whole lane wait, until it is told otherwise; the others take everything. */
export function holdAlways(held: ReceiverName): Behaviour {
  const reply = held === "standard" ? answer("failed", 503) : failure(held);
  return (receiver, events) => (receiver === held ? reply : takeAll(receiver, events));
}

/** One receiver fails every time, until it is told otherwise; the others take everything. */
export function failAlways(failing: ReceiverName): Behaviour {
  return (receiver, events) => (receiver === failing ? failure(receiver) : takeAll(receiver, events));
}

function failure(receiver: ReceiverName): Reply {
  return receiver === "bubblehouse" ? outcome("failed", "failure") : answer("failed", 500);
}

function answer(kind: ReceiverAnswer, status: number): Reply {
  return { kind: "answer", answer: kind, status, text: "" };
}

function outcome(kind: ReceiverAnswer, name: string): Reply {
  return { kind: "answer", answer: kind, status: 200, text: JSON.stringify({ outcome: name }) };
}
