/** What all peers have in common: a job is an event that is to be posted, signed, to one receiver. */
import { Pool } from "undici";
import { samplePayload, signedHeaders } from "../../server/src/cli/bench/sample.ts";

/** Posts so many requests at once, as the server does to one endpoint. */
export const CONNECTIONS = 32;

/** The server's own for such a receiver. */
const DEADLINE_MS = 15_000;

/** A job's one attempt that failed: its queue tries again, later. */
class FailedAttempt extends Error {
  name = "FailedAttempt";

  constructor(attempt) {
    super(JSON.stringify(attempt));
    this.attempt = attempt;
  }
}

/**
 * Returns a function that posts a job, and returns what there is to say of it: `status`, `ms`, `error`. It
 * throws a FailedAttempt where the answer is not a 2xx, or none came.
 */
export function createSender({ url, secret }) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: DEADLINE_MS,
    bodyTimeout: DEADLINE_MS,
  });
  return async ({ id, text }) => {
    const payload = Buffer.from(text);
    const headers = signedHeaders({ id, secret, payload });
    const startedAt = performance.now();
    const attempt = { status: null, error: null, ms: 0 };
    try {
      const answer = await pool.request({ method: "POST", path, headers, body: payload });
      await answer.body.dump();
      attempt.status = answer.statusCode;
    } catch (error) {
      attempt.error = error.code ?? error.message;
    }
    attempt.ms = Math.round(performance.now() - startedAt);
    if (attempt.status === null || attempt.status >= 300) {
      throw new FailedAttempt(attempt);
    }
    return attempt;
  };
}

/** Enqueues jobs in batches, a few of them at once, as an application that has much to say. */
async function enqueueAll({ round, deliveries, batch, callers }, enqueue) {
  const text = samplePayload().toString();
  let next = 0;
  const call = async () => {
    while (next < deliveries) {
      const from = next;
      next += batch;
      const ids = Array.from({ length: batch }, (_, index) => `evt_${round}_${from + index}`);
      await enqueue(ids.map((id) => ({ id, text })));
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
}

/**
 * Runs a peer in the part that its parent gives it: it is told once where everything is, and says `ready`; a
 * producer is then told what to enqueue, time after time, and says `enqueued`.
 */
export function run({ work, produce }) {
  process.once("message", ({ role, ...places }) => {
    void (role === "worker" ? work(places) : answerLoads(produce(places))).then(() => say("ready"));
  });
  process.on("disconnect", () => process.exit(0));
}

async function answerLoads(producing) {
  const enqueue = await producing;
  process.on("message", (load) => {
    void enqueueAll(load, enqueue).then(() => say("enqueued"));
  });
}

function say(kind) {
  process.send?.({ kind });
}
