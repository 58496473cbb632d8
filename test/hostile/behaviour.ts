/** What a hostile receiver can do with a connection, in pieces. */
import type { Socket } from "node:net";
import { onRequest } from "../../server/src/outbound/receiver-fixture.ts";

/** What a receiver does with each connection that it accepts. */
export type Behaviour = (socket: Socket) => void;

/** How often a receiver that goes slowly writes: several times before the shortest deadline. */
const DRIP_MS = 20;

/** Reads the whole request, then does this. */
export function afterRequest(act: Behaviour): Behaviour {
  return (socket) => onRequest(socket, () => act(socket));
}

/** Answers every request with these bytes, and goes on. */
export function answers(bytes: string | Buffer): Behaviour {
  return afterRequest((socket) => socket.write(asBytes(bytes)));
}

/** Answers with these bytes and closes. */
export function closesAfter(bytes: string): Behaviour {
  return afterRequest((socket) => socket.end(asBytes(bytes)));
}

/** Answers with these bytes and resets the connection. */
export function resetsAfter(bytes: string): Behaviour {
  return afterRequest((socket) => socket.write(asBytes(bytes), () => socket.resetAndDestroy()));
}

/** Answers with these bytes, then with a piece again and again, slowly. */
export function drips(head: string, piece: string): Behaviour {
  return afterRequest((socket) => {
    socket.write(asBytes(head));
    const timer = setInterval(() => socket.write(asBytes(piece)), DRIP_MS);
    socket.once("close", () => clearInterval(timer));
  });
}

/** Answers with these bytes, then with a piece again and again, as fast as it is taken. */
export function floods(head: string, piece: string): Behaviour {
  return afterRequest((socket) => {
    const bytes = asBytes(piece.repeat(Math.ceil(FLOOD_BYTES / piece.length)));
    // In turns of the event loop: a write that the kernel takes at once calls back before anything else may.
    const goOn = (error?: Error | null): void => {
      if (!error) {
        setImmediate(() => socket.write(bytes, goOn));
      }
    };
    socket.write(asBytes(head), goOn);
  });
}

// Written at once, so that a flood is one.
const FLOOD_BYTES = 32_768;

function asBytes(text: string | Buffer): Buffer {
  return typeof text === "string" ? Buffer.from(text, "latin1") : text;
}
