import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Instructions, onReport, type Tally, type Vendor } from "./protocol.ts";

/** A receiver's process, seen from the demo. */
export interface ReceiverProcess {
  readonly vendor: Vendor;
  readonly url: string;
  readonly tally: () => Tally;
  instruct(instructions: Instructions): void;
  stop(): void;
}

const NOTHING: Tally = { requests: 0, verified: 0, received: 0, refused: 0, duplicates: 0, inversions: 0 };

/** Starts a receiver in a process of its own, on a port of its own. Rejects if it ends before it listens. */
export function startReceiver(
  vendor: Vendor,
  onLine: (vendor: Vendor, text: string) => void,
): Promise<ReceiverProcess> {
  const program = fileURLToPath(new URL("receiver.ts", import.meta.url));
  const child = fork(program, [vendor], { stdio: "inherit" });
  let tally = NOTHING;
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the ${vendor} receiver ended with ${code}`)));
    onReport(child, (report) => {
      switch (report.kind) {
        case "listening":
          resolve({
            vendor,
            url: `http://127.0.0.1:${report.port}`,
            tally: () => tally,
            instruct: (instructions) => child.send(instructions),
            stop: () => child.disconnect(),
          });
          return;
        case "line":
          onLine(vendor, report.text);
          return;
        case "tally":
          tally = report.tally;
          return;
      }
    });
  });
}
