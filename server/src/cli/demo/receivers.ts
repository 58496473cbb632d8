import { fork } from "node:child_process";
import { moduleBeside } from "../../module-beside.ts";
import { type Instructions, onReport, PATHS, type Tally, type Vendor } from "./protocol.ts";

/** The receivers' process, seen from the demo. */
export interface Receivers {
  urlOf(vendor: Vendor): string;
  tallyOf(vendor: Vendor): Tally;
  instruct(instructions: Instructions): void;
  stop(): void;
}

const NOTHING: Tally = { requests: 0, verified: 0, received: 0, refused: 0, duplicates: 0, inversions: 0 };

/** Starts the receivers in a process of their own, on any free port. Rejects if it ends before it listens. */
export function startReceivers(onLine: (vendor: Vendor, text: string) => void): Promise<Receivers> {
  const child = fork(moduleBeside(import.meta.url, "receiver"), { stdio: "inherit" });
  const tallies = new Map<Vendor, Tally>();
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the receivers ended with ${code}`)));
    onReport(child, (report) => {
      switch (report.kind) {
        case "listening":
          resolve({
            urlOf: (vendor) => `http://127.0.0.1:${report.port}${PATHS[vendor]}`,
            tallyOf: (vendor) => tallies.get(vendor) ?? NOTHING,
            instruct: (instructions) => child.send(instructions),
            stop() {
              // Ctrl-C ends it, too, if it comes from a terminal.
              if (child.connected) {
                child.disconnect();
              }
            },
          });
          return;
        case "line":
          onLine(report.vendor, report.text);
          return;
        case "tally":
          tallies.set(report.vendor, report.tally);
          return;
      }
    });
  });
}
