/**
 * BullMQ over Redis, which appends to its file and syncs it before it answers. A job that is done stays, with
 * what its attempt came to as its return value; of one that failed it would keep no more than the error.
 */
import { Queue, Worker } from "bullmq";
import { createSender, run } from "./sending.mjs";

const QUEUE = "deliveries";
/** More than are posted at once: the others wait for Redis meanwhile. Its guide calls 100 to 300 usual. */
const CONCURRENCY = 100;

run({
  async work({ redisPort, ...receiver }) {
    const send = createSender(receiver);
    const connection = { host: "127.0.0.1", port: redisPort, maxRetriesPerRequest: null };
    const deliver = async (job) => {
      try {
        return await send(job.data);
      } catch (error) {
        await job.log(error.message);
        throw error;
      }
    };
    const worker = new Worker(QUEUE, deliver, { connection, concurrency: CONCURRENCY });
    await worker.waitUntilReady();
  },
  async produce({ redisPort }) {
    const queue = new Queue(QUEUE, { connection: { host: "127.0.0.1", port: redisPort } });
    await queue.waitUntilReady();
    const opts = { attempts: 10, backoff: { type: "exponential", delay: 1000 } };
    return (jobs) => queue.addBulk(jobs.map((data) => ({ name: "deliver", data, opts })));
  },
});
