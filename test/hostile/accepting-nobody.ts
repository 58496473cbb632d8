/** A program that listens at a port and then does nothing any more, so that the kernel's queue fills. */
import { writeSync } from "node:fs";
import { createServer } from "node:net";
import { listeningPort } from "../../server/src/listening-port.ts";

const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  writeSync(1, `${listeningPort(server)}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
