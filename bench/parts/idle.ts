import { alternate } from "../../server/src/cli/bench/rounds.ts";
import type { Report } from "../answer.ts";
import { startPlainReceiver } from "../plain-receiver.ts";
import { type Posthorn, startPosthorn } from "../posthorn.ts";

import type { Size } from "../size.ts";
import { createLane, type Lane, measureThroughput } from "../throughput.ts";

const IN_FLIGHT = 32;
const FEW = 10;
const PER_TENANT = 1000;

/** Asks what endpoints cost that get nothing: for each event of another one, and at a start. */
export async function measure({ rounds, deliveries, idle, receiver: kind }: Size): Promise<Report> {
  const receiver = await startPlainReceiver(kind);
  const { url } = receiver;
  const bare = await startPosthorn();
  await bare.end();
  const bareStartMs = await bare.start();
  await bare.stop();

  const prepare = async (count: number): Promise<{ posthorn: Posthorn; lane: Lane }> => {
    const posthorn = await startPosthorn();
    for (let from = 0; from < count; from += PER_TENANT) {
      const endpoints = Math.min(PER_TENANT, count - from);
      await createLane(posthorn, { tenant: `idle-${from}`, url, maxInFlight: 1, endpoints });
    }
    return { posthorn, lane: await createLane(posthorn, { tenant: "busy", url, maxInFlight: IN_FLIGHT }) };
  };
  const few = await prepare(FEW);
  const many = await prepare(idle);
  const load = { deliveries, batch: 100, callers: 4 };
  const measured = await alternate(rounds, {
    [`${FEW} idle endpoints`]: async () => await measureThroughput({ receiver, ...few }, load),
    [`${idle} idle endpoints`]: async () => await measureThroughput({ receiver, ...many }, load),
  });
  await many.posthorn.end();
  const startMs = await many.posthorn.start();
  await few.posthorn.stop();
  await many.posthorn.stop();
  receiver.close();
  return {
    figures: { ...measured.figures(), "ms of a bare start": bareStartMs, "ms of a start with many": startMs },
    answers: [
      {
        question: `CPU per delivery beside ${idle} idle endpoints ÷ beside ${FEW}`,
        goal: { atMost: 1.1 },
        ratio: measured.cpuUs(`${idle} idle endpoints`) / measured.cpuUs(`${FEW} idle endpoints`),
      },
      {
        question: `a start with ${idle} endpoints ÷ a bare one`,
        goal: { atMost: 6 },
        ratio: startMs / bareStartMs,
      },
    ],
  };
}
