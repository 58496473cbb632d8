/**
 * pg-boss over PostgreSQL, fetching batches without a pause while there are any. A job that is done stays,
 * with what its attempt came to as its output; of one that is tried again only the last would be known, so
 * attempts that failed are logged beside it.
 */
import { PgBoss } from "pg-boss";
import { CONNECTIONS, createSender, run } from "./sending.mjs";

const QUEUE = "deliveries";
/** Each fetches anew when its whole batch is done: the other posts meanwhile. */
const WORKERS = 2;
const BATCH = 2 * CONNECTIONS;

const FAILED_ATTEMPTS = `
  CREATE TABLE IF NOT EXISTS failed_attempt (
    job uuid,
    at timestamptz DEFAULT now(),
    ms int,
    status int,
    error text
  )`;

const LOG_FAILED = `
  INSERT INTO failed_attempt (job, ms, status, error)
  VALUES ($1, $2, $3, $4)`;

run({
  async work({ databaseUrl, ...receiver }) {
    const send = createSender(receiver);
    const boss = await start(databaseUrl);
    await boss.createQueue(QUEUE, { retryLimit: 10, retryBackoff: true });
    await boss.getDb().executeSql(FAILED_ATTEMPTS);
    const deliver = async ({ id, data }) => {
      try {
        return { id, status: "completed", output: await send(data) };
      } catch (error) {
        const { ms, status, error: reason } = error.attempt;
        await boss.getDb().executeSql(LOG_FAILED, [id, ms, status, reason]);
        return { id, status: "failed", output: error.attempt };
      }
    };
    const options = {
      batchSize: BATCH,
      localConcurrency: WORKERS,
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
      perJobResults: true,
    };
    await boss.work(QUEUE, options, (jobs) => Promise.all(jobs.map(deliver)));
  },
  async produce({ databaseUrl }) {
    const boss = await start(databaseUrl);
    return (jobs) =>
      boss.insert(
        QUEUE,
        jobs.map((data) => ({ data })),
      );
  },
});

async function start(connectionString) {
  const boss = new PgBoss({ connectionString });
  boss.on("error", (error) => process.stderr.write(`${error.message}\n`));
  await boss.start();
  return boss;
}
