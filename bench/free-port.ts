import { once } from "node:events";
import { createServer } from "node:net";
import { listeningPort } from "../server/src/listening-port.ts";

/** Finds a port that is free now; whoever else takes it before its program does makes the benchmark fail. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = listeningPort(server);
  server.close();
  await once(server, "close");
  return port;
}
