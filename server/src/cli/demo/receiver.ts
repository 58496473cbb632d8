/**
 * A receiver's own process: it verifies every request, answers as told by `behaviour.ts`, and reports what
 * it saw.
 */
import { createServer } from "node:http";
import { listeningPort } from "../../listening-port.ts";
import { createBehaviour, type Reply } from "./behaviour.ts";
import { type Instructions, onInstructions, type Report, type Tally, vendorOf } from "./protocol.ts";
import type { Sample } from "./samples.ts";
import { type Received, type ReceivedEvent, VERIFIERS } from "./verify.ts";

const vendor = vendorOf(process.argv[2]);
let instructions: Instructions = { secret: "", samples: [] };
const behave = createBehaviour(vendor, ({ name }) => find(name)?.isRefused === true);
const settled = new Map<string, Reply["kind"]>();
const seen = new Set<string>();
const tally = { requests: 0, verified: 0, duplicates: 0, inversions: 0 };
let latestPlace = -1;

function report(message: Report): void {
  process.send?.(message);
}

function find(name: string): Sample | undefined {
  return instructions.samples.find((sample) => sample.name === name);
}

function answer(received: Received): Reply {
  tally.requests += 1;
  let events: readonly ReceivedEvent[];
  try {
    events = VERIFIERS[vendor](received, instructions.secret, instructions.samples);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    return { status: 401, body: "", kind: "failed", note: `401, not verified: ${reason}` };
  }
  tally.verified += 1;
  for (const event of events) {
    note(event);
  }
  const reply = behave(events);
  for (const { name } of events) {
    if (reply.kind !== "failed") {
      settled.set(name, reply.kind);
    }
  }
  const what = events.length === 1 ? `${events[0]?.type} ${events[0]?.name}` : `${events.length} events`;
  report({ kind: "line", text: `${what} → ${reply.note}` });
  return reply;
}

/** Counts what came again although it was settled, and what came for the first time after a later one. */
function note({ name }: ReceivedEvent): void {
  tally.duplicates += settled.has(name) ? 1 : 0;
  if (seen.has(name)) {
    return;
  }
  seen.add(name);
  const place = instructions.samples.findIndex((sample) => sample.name === name);
  tally.inversions += place < latestPlace ? 1 : 0;
  latestPlace = Math.max(latestPlace, place);
}

function total(): Tally {
  const kinds = [...settled.values()];
  const received = kinds.filter((kind) => kind === "taken").length;
  return { ...tally, received, refused: kinds.length - received };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const received = { path: request.url ?? "", headers: request.headers, payload: Buffer.concat(chunks) };
    const reply = answer(received);
    response.writeHead(reply.status, { "content-type": "application/json" }).end(reply.body);
    report({ kind: "tally", tally: total() });
  });
});
server.listen(0, "127.0.0.1", () => {
  report({ kind: "listening", port: listeningPort(server) });
});
onInstructions((given) => {
  instructions = given;
});
process.on("disconnect", () => process.exit(0));
