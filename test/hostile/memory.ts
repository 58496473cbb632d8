import { setTimeout as after } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes that are in use once garbage is gone, buffers included. */
export function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const LOOKS = 100;
const LOOK_AGAIN_MS = 50;

/**
 * Resolves with the bytes in use as soon as they are at most `enough`, else with the last that were seen:
 * what a closed connection holds is given back some turns of the event loop later.
 */
export async function settledBytes(enough: number): Promise<number> {
  let bytes = bytesInUse();
  for (let look = 1; bytes > enough && look < LOOKS; look += 1) {
    await after(LOOK_AGAIN_MS);
    bytes = bytesInUse();
  }
  return bytes;
}
