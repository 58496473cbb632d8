/** The receiver of `posthorn bench`, a process of its own: answers 200, verifies each request, and counts. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listeningPort } from "../../listening-port.ts";
import { momentMs } from "./moment.ts";
import { type Expectation, onExpectation, type Report } from "./protocol.ts";
import { isSigned, keyOf } from "./signature.ts";

const KEEP_ALIVE_MS = 60_000;
const PROGRESS_EVERY_MS = 250;
const INTENDED_AT = /"intended_at":([\d.]+)/;

/** What is expected, and what of it came. */
interface Count extends Expectation {
  readonly key: Buffer;
  readonly ids: Set<string>;
  readonly latenciesMs: number[];
  counted: number;
  refused: number;
}

let current: Count | undefined;

function send(report: Report): void {
  process.send?.(report);
}

function note({ headers }: IncomingMessage, payload: Buffer): void {
  if (current === undefined) {
    return;
  }
  const arrivedAt = momentMs();
  if (!isSigned(headers, payload, current.key)) {
    current.refused += 1;
    return;
  }
  const { ids, latenciesMs, number, counted, refused } = current;
  const id = current.count === "events" ? String(headers["webhook-id"]) : String(counted);
  current.counted += 1;
  if (current.isTimed && !ids.has(id)) {
    const [, intendedAt] = INTENDED_AT.exec(payload.toString()) ?? [];
    latenciesMs.push(arrivedAt - Number(intendedAt));
  }
  ids.add(id);
  if (ids.size >= number) {
    current = undefined;
    send({ kind: "complete", receipt: { counted: counted + 1, distinct: ids.size, refused, latenciesMs } });
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.writeHead(200, { "content-length": 0 }).end();
    note(request, Buffer.concat(chunks));
  });
}

onExpectation((expectation) => {
  const key = keyOf(expectation.secret);
  current = { ...expectation, key, ids: new Set(), latenciesMs: [], counted: 0, refused: 0 };
  send({ kind: "expecting" });
});
process.on("disconnect", () => process.exit(0));
// A Ctrl-C is the terminal's to all that run in it: the command ends what it began.
process.on("SIGINT", () => undefined);

setInterval(() => {
  if (current !== undefined) {
    send({ kind: "progress", distinct: current.ids.size });
  }
}, PROGRESS_EVERY_MS);

const server = createServer(answer);
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, "127.0.0.1", () => send({ kind: "listening", port: listeningPort(server) }));
