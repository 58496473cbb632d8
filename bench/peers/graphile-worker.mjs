/**
 * graphile-worker over PostgreSQL, with the batches that its page on performance advises. It forgets a job
 * that is done, so attempts are logged beside it.
 */
import { Logger, makeWorkerUtils, run as runWorker } from "graphile-worker";
import pg from "pg";
import { CONNECTIONS, createSender, run } from "./sending.mjs";

// It would say a line of every job.
const logger = new Logger(() => () => undefined);

const ATTEMPTS = `
  CREATE TABLE IF NOT EXISTS attempt (
    event text,
    number int,
    at timestamptz DEFAULT now(),
    ms int,
    status int,
    error text,
    PRIMARY KEY (event, number)
  )`;

run({
  async work({ databaseUrl, ...receiver }) {
    const send = createSender(receiver);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
    const onError = (error) => process.stderr.write(`${error.message}\n`);
    pool.on("error", onError);
    pool.on("connect", (client) => client.on("error", onError));
    await pool.query(ATTEMPTS);
    const log = async (event, number, { ms, status, error }) =>
      await pool.query({
        name: "log",
        text: "INSERT INTO attempt (event, number, ms, status, error) VALUES ($1, $2, $3, $4, $5)",
        values: [event, number, ms, status, error],
      });
    const deliver = async (event, { job }) => {
      try {
        await log(event.id, job.attempts, await send(event));
      } catch (error) {
        if (error.attempt !== undefined) {
          await log(event.id, job.attempts, error.attempt);
        }
        throw error;
      }
    };
    const worker = {
      concurrentJobs: CONNECTIONS,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    };
    await runWorker({
      pgPool: pool,
      taskList: { deliver },
      noHandleSignals: true,
      logger,
      preset: { worker },
    });
  },
  async produce({ databaseUrl }) {
    const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger });
    return (jobs) => utils.addJobs(jobs.map((payload) => ({ identifier: "deliver", payload })));
  },
});
