import type { Server } from "node:net";

/** Returns the port a server listens on. Throws an Error if it does not listen on one. */
export function listeningPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server listens on a port");
  }
  return address.port;
}
