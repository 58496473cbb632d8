import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Measurement } from "../server/src/cli/bench/measurement.ts";
import type { BareClientTask } from "./bare-client-process.ts";
import type { Receiver } from "./receiver.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

/** Measures the limit on this machine: the bare HTTP client. */
export async function measureBareClient(
  receiver: Receiver,
  { deliveries, connections }: { deliveries: number; connections: number },
): Promise<Measurement> {
  const { complete } = await receiver.expect({ count: "requests", number: deliveries, secret: SECRET });
  const child = fork(fileURLToPath(new URL("bare-client-process.ts", import.meta.url)));
  const measured = once(child, "message");
  const task: BareClientTask = { url: receiver.url, secret: SECRET, count: deliveries, connections };
  child.send(task);
  const [measurement]: Measurement[] = await measured;
  if (measurement === undefined) {
    throw new Error("the bare client tells what it measured");
  }
  const { refused } = await complete;
  if (refused > 0) {
    throw new Error(`the bare client signs as the server does: ${refused} requests were refused`);
  }
  return measurement;
}
