import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { samplePayload } from "../server/src/cli/bench/sample.ts";
import { isSigned, keyOf } from "../server/src/cli/bench/signature.ts";
import { freePort } from "./free-port.ts";
import type { Receipt } from "./protocol.ts";
import type { Expected, Receiver } from "./receiver.ts";

const LOOK_EVERY_MS = 5;
const READ_BYTES = 1 << 20;
const FIELDS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;

/** It does nothing with a request but read it, answer 200, and write a line of it. */
const configurationOf = (folder: string, port: number): string => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
events { worker_connections 1024; }
http {
  log_format request "$http_webhook_id\\t$http_webhook_timestamp\\t$http_webhook_signature\\t$content_length";
  access_log ${folder}/requests request buffer=64k flush=${LOOK_EVERY_MS}ms;
  client_body_temp_path ${folder}/bodies;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port};
    location / { return 200; }
  }
}
`;

export function isNginxInstalled(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a receiver that costs a fraction of one in Node. What it took is read from its log while it takes
 * more, and verified when all is there: each signature must be that of the one payload which all events of
 * the benchmark have, and as many bytes must have come.
 */
export async function startNginx(): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-bench-nginx-"));
  const port = await freePort();
  const configuration = join(folder, "nginx.conf");
  writeFileSync(configuration, configurationOf(folder, port));
  const child = spawn("nginx", ["-e", "stderr", "-p", folder, "-c", configuration], { stdio: "inherit" });
  const end = () => child.kill("SIGTERM");
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}/`;
  await untilItAnswers(url);
  const file = openSync(join(folder, "requests"), "r");
  const lines = linesOf(file);
  return {
    url,
    async expect(what) {
      // What still came of what was there before.
      await after(2 * LOOK_EVERY_MS);
      lines();
      return { complete: receive(what, lines) };
    },
    close() {
      closeSync(file);
      void once(child, "exit").then(() => rmSync(folder, { recursive: true, force: true }));
      end();
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch {
      await after(LOOK_EVERY_MS);
    }
  }
}

/** Returns what gives all lines of a file that were written since it was last asked. */
function linesOf(file: number): () => readonly string[] {
  const buffer = Buffer.alloc(READ_BYTES);
  let part = "";
  return () => {
    const lines: string[] = [];
    for (let bytes = -1; bytes !== 0; ) {
      bytes = readSync(file, buffer);
      const read = `${part}${buffer.toString("latin1", 0, bytes)}`.split("\n");
      part = read.pop() ?? "";
      lines.push(...read);
    }
    return lines;
  };
}

async function receive(
  { count, number, secret }: Expected,
  lines: () => readonly string[],
): Promise<Receipt> {
  if (count !== "requests" && count !== "ids") {
    throw new Error(`nginx counts requests and their ids, asked for ${count}`);
  }
  const taken: string[] = [];
  const ids = new Set<string>();
  while (ids.size < number) {
    await after(LOOK_EVERY_MS);
    for (const line of lines()) {
      taken.push(line);
      ids.add(count === "ids" ? line.slice(0, line.indexOf("\t")) : String(taken.length));
    }
  }
  const refused = secret === undefined ? 0 : taken.filter(isWrong(keyOf(secret))).length;
  return { counted: taken.length, distinct: ids.size, refused };
}

function isWrong(key: Buffer): (line: string) => boolean {
  const payload = samplePayload();
  return (line) => {
    const values = line.split("\t");
    const headers = Object.fromEntries(FIELDS.map((name, index) => [name, values[index]]));
    return Number(values[FIELDS.length]) !== payload.length || !isSigned(headers, payload, key);
  };
}
