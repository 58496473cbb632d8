import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

// Nobody who asks for any port is given one of them: Linux gives those from 32768 on, others from 49152 on.
// Nor is one of them among the ports that browsers refuse to call.
const PORT_MIN = 20_000;
const PORT_MAX = 32_767;
const TRIES_MAX = 100;

const given = new Set<number>();

/**
 * Finds a port that is free now, for a program that begins to listen in a while. A port of those that are
 * given to anybody may be another's by then, and its program ends before it has begun.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
  assert.fail(`none of ${TRIES_MAX} ports from ${PORT_MIN} to ${PORT_MAX} is free`);
}

/** Whether a program may listen there, at every address of the machine. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
