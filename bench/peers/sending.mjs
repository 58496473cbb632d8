/** What all peers have in common: a job is an event that is to be posted, signed, to one receiver. */
import { Pool } from "undici";
import { samplePayload, signedHeaders } from "../../server/src/cli/bench/sample.ts";

/** Posts so many requests at once, as the server does to one endpoint. */
export const CONCURRENCY = 32;

/** Returns a function that posts a job; it throws where the answer is not a 2xx: its queue tries again. */
export function createSender({ url, secret }) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: CONCURRENCY, pipelining: 1 });
  return async ({ id, text }) => {
    const payload = Buffer.from(text);
    const headers = signedHeaders({ id, secret, payload });
    const answer = await pool.request({ method: "POST", path, headers, body: payload });
    await answer.body.dump();
    if (answer.statusCode >= 300) {
      throw new Error(`the receiver answered ${answer.statusCode}`);
    }
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
