/** pg-boss over PostgreSQL, fetching batches without a pause while there are any. */
import { PgBoss } from "pg-boss";
import { CONCURRENCY, createSender, run } from "./sending.mjs";

const QUEUE = "deliveries";

run({
  async work({ databaseUrl, ...receiver }) {
    const send = createSender(receiver);
    const boss = await start(databaseUrl);
    await boss.createQueue(QUEUE, { retryLimit: 10, retryBackoff: true });
    const options = {
      batchSize: CONCURRENCY,
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
      perJobResults: true,
    };
    await boss.work(QUEUE, options, (jobs) =>
      Promise.all(
        jobs.map(({ id, data }) =>
          send(data).then(
            () => ({ id, status: "completed" }),
            () => ({ id, status: "failed" }),
          ),
        ),
      ),
    );
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
