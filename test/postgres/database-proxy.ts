/** The line between a node and its database, on which tests put faults. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listeningPort } from "../../server/src/listening-port.ts";

export type Line =
  | { readonly kind: "open" }
  /** Nothing arrives on either side, and nobody is told. */
  | { readonly kind: "silent" }
  /** Some questions do not arrive, and what is asked after them waits behind them. */
  | { readonly kind: "swallowing"; readonly isSwallowed: (question: Buffer) => boolean }
  /** Every answer takes so much longer. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** What is asked arrives; where the answer is one of these, the connection is cut instead. */
  | { readonly kind: "losing"; readonly isLost: (answer: Buffer) => boolean };

export interface DatabaseProxy {
  /** Of 127.0.0.1. */
  readonly port: number;
  /** How the line is from now on. What was said while it was silent is lost, and its connections with it. */
  turn(line: Line): void;
  /** Ends every connection there is. */
  cut(): void;
  /** Where new connections go. */
  lead(upstream: string): void;
  close(): void;
}

/** Starts a proxy in front of a socket. */
export async function startDatabaseProxy(socketPath: string): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let upstream = socketPath;
  let line: Line = { kind: "open" };

  function cut(): void {
    for (const socket of sockets) {
      socket.destroy();
    }
  }

  const server = createServer((client) => {
    const database = connect(upstream);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    let isSwallowed = false;
    client.on("data", (question: Buffer) => {
      isSwallowed ||= line.kind === "silent" || (line.kind === "swallowing" && line.isSwallowed(question));
      if (!isSwallowed) {
        database.write(question);
      }
    });
    database.on("data", (answer: Buffer) => pass(line, { answer, client, database }));
    database.on("close", () => line.kind === "silent" || client.destroy());
    client.on("close", () => database.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: listeningPort(server),
    turn(next) {
      const isLosing = ({ kind }: Line) => kind === "silent" || kind === "swallowing";
      if (isLosing(line) && !isLosing(next)) {
        cut();
      }
      line = next;
    },
    cut,
    lead(next) {
      upstream = next;
    },
    close() {
      server.close();
      cut();
    },
  };
}

interface Passing {
  readonly answer: Buffer;
  readonly client: Socket;
  readonly database: Socket;
}

function pass(line: Line, { answer, client, database }: Passing): void {
  switch (line.kind) {
    case "open":
    case "swallowing":
      client.write(answer);
      return;
    case "silent":
      return;
    case "slow":
      // Timers of one length end in the order in which they began.
      setTimeout(() => client.destroyed || client.write(answer), line.delayMs);
      return;
    case "losing":
      if (line.isLost(answer)) {
        client.destroy();
        database.destroy();
      } else {
        client.write(answer);
      }
      return;
  }
}
