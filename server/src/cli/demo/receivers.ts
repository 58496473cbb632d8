import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Instructions, Report, Tally, Vendor } from "./protocol.ts";

/** A receiver's process, seen from the demo. */
export interface ReceiverProcess {
  readonly vendor: Vendor;
  readonly url: string;
  readonly tally: () => Tally;
  instruct(instructions: Instructions): void;
  stop(): void;
}

const NOTHING: Tally = { requests: 0, verified: 0, received: 0, refused: 0, duplicates: 0, inversions: 0 };

/** Starts a receiver in a process of its own, on a port of its own. */
export async function startReceiver(
  vendor: Vendor,
  onLine: (vendor: Vendor, text: string) => void,
): Promise<ReceiverProcess> {
  const child = fork(fileURLToPath(new URL("receiver.ts", import.meta.url)), [vendor], { stdio: "inherit" });
  let tally = NOTHING;
  child.on("message", (message) => {
    const report = message as Report;
    if (report.kind === "line") {
      onLine(vendor, report.text);
    } else if (report.kind === "tally") {
      tally = report.tally;
    }
  });
  const port = await portOf(child);
  return {
    vendor,
    url: `http://127.0.0.1:${port}`,
    tally: () => tally,
    instruct: (instructions) => child.send(instructions),
    stop: () => child.disconnect(),
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, "message")) as [Report];
  if (message.kind !== "listening") {
    throw new Error(`a receiver says first that it is listening, not ${message.kind}`);
  }
  return message.port;
}
