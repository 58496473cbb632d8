/** graphile-worker over PostgreSQL. It forgets a job that is done, so an attempt is logged beside it. */
import { Logger, makeWorkerUtils, run as runWorker } from "graphile-worker";
import pg from "pg";
import { CONCURRENCY, createSender, run } from "./sending.mjs";

// It would say a line of every job.
const logger = new Logger(() => () => undefined);

run({
  async work({ databaseUrl, ...receiver }) {
    const send = createSender(receiver);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY });
    pool.on("error", (error) => process.stderr.write(`${error.message}\n`));
    await pool.query(
      "CREATE TABLE IF NOT EXISTS attempt (id text, at timestamptz DEFAULT now(), status int)",
    );
    const deliver = async (job) => {
      await send(job);
      await pool.query("INSERT INTO attempt (id, status) VALUES ($1, 200)", [job.id]);
    };
    const taskList = { deliver };
    await runWorker({ pgPool: pool, concurrency: CONCURRENCY, taskList, noHandleSignals: true, logger });
  },
  async produce({ databaseUrl }) {
    const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger });
    return (jobs) => utils.addJobs(jobs.map((payload) => ({ identifier: "deliver", payload })));
  },
});
