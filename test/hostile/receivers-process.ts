/** Listens as every hostile receiver at once, in a process of its own, and prints their ports. */
import { createServer } from "node:net";
import { listeningPort } from "../../server/src/listening-port.ts";
import { HOSTILE_RECEIVERS } from "./receivers.ts";

const ports = await Promise.all(
  HOSTILE_RECEIVERS.map(({ behave }) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      behave(socket);
    });
    return new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(listeningPort(server)));
    });
  }),
);
process.stdout.write(`${JSON.stringify(ports)}\n`);
// It ends with whoever started it.
process.stdin.resume().once("end", () => process.exit(0));
