/**
 * A process of the benchmark: undici that posts the same signed bytes again and again, and nothing else. Told
 * where to and how often, it says how long that took it and what CPU.
 */
import { Pool } from "undici";
import type { Measurement } from "../server/src/cli/bench/measurement.ts";
import { signedRequest } from "../server/src/cli/bench/sample.ts";

export interface BareClientTask {
  readonly url: string;
  readonly secret: string;
  readonly count: number;
  readonly connections: number;
}

async function post({ url, secret, count, connections }: BareClientTask): Promise<Measurement> {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const { headers, payload: body } = signedRequest(secret);
  let left = count;
  const postAll = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await pool.request({ method: "POST", path, headers, body });
      await answer.body.dump();
    }
  };
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: connections }, postAll));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return { deliveries: count, seconds, cpuMs: (user + system) / 1000 };
}

process.once("message", (task: BareClientTask) => {
  void post(task).then((measurement) => {
    process.send?.(measurement);
    process.disconnect?.();
  });
});
