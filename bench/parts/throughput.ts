import { alternate } from "../../server/src/cli/bench/rounds.ts";
import type { Report } from "../answer.ts";
import { measureBareClient } from "../bare-client.ts";
import { startPlainReceiver } from "../plain-receiver.ts";
import { startPosthorn } from "../posthorn.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const CONNECTIONS = 32;

/** Asks what a delivery costs beside the bare HTTP client, which posts the same bytes and nothing else. */
export async function measure({ rounds, deliveries, receiver: kind }: Size): Promise<Report> {
  const receiver = await startPlainReceiver(kind);
  const posthorn = await startPosthorn();
  const lane = await createLane(posthorn, { tenant: "bench", url: receiver.url, maxInFlight: CONNECTIONS });
  const parts = { posthorn, receiver, lane };
  const measured = await alternate(rounds, {
    "bare client": async () => await measureBareClient(receiver, { deliveries, connections: CONNECTIONS }),
    "batches of 100": async () => await measureThroughput(parts, { deliveries, batch: 100, callers: 4 }),
    "one by one": async () => await measureThroughput(parts, { deliveries, batch: 1, callers: 64 }),
  });
  await posthorn.stop();
  receiver.close();
  const { perSecond, cpuUs } = measured;
  return {
    figures: measured.figures(),
    answers: [
      {
        question: "CPU per delivery ÷ bare client's, accepted in batches of 100",
        goal: { atMost: 2.5 },
        ratio: cpuUs("batches of 100") / cpuUs("bare client"),
      },
      {
        question: "CPU per delivery ÷ bare client's, accepted one by one",
        goal: { atMost: 4 },
        ratio: cpuUs("one by one") / cpuUs("bare client"),
      },
      {
        question: "throughput ÷ bare client's, accepted in batches of 100",
        goal: { atLeast: 0.5 },
        ratio: perSecond("batches of 100") / perSecond("bare client"),
      },
    ],
  };
}
