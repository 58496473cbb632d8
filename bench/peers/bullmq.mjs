/** BullMQ over Redis, which appends to its file and syncs it before it answers. */
import { Queue, Worker } from "bullmq";
import { CONCURRENCY, createSender, run } from "./sending.mjs";

const QUEUE = "deliveries";

run({
  async work({ redisPort, ...receiver }) {
    const send = createSender(receiver);
    const connection = { host: "127.0.0.1", port: redisPort, maxRetriesPerRequest: null };
    const worker = new Worker(QUEUE, ({ data }) => send(data), { connection, concurrency: CONCURRENCY });
    await worker.waitUntilReady();
  },
  async produce({ redisPort }) {
    const queue = new Queue(QUEUE, { connection: { host: "127.0.0.1", port: redisPort } });
    await queue.waitUntilReady();
    const opts = { attempts: 10, backoff: { type: "exponential", delay: 1000 } };
    return (jobs) => queue.addBulk(jobs.map((data) => ({ name: "deliver", data, opts })));
  },
});
