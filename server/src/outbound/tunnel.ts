/** Asks an HTTP proxy for a tunnel to a receiver (CONNECT, RFC 9110), for http and https alike. */
import type { Socket } from "node:net";
import type { EgressProxy } from "../egress-proxy.ts";
import { type Failure, failure, failureWith } from "./error-codes.ts";
import type { Target } from "./target.ts";

const REPLY_BYTES_MAX = 16_384;

/**
 * Asks for the tunnel on a connection to the proxy. Calls back once: with what is in the way, or with
 * undefined when the bytes that follow are the receiver's. Errors of the connection are left to its owner.
 */
export function openTunnel(
  socket: Socket,
  { target, proxy }: { readonly target: Target; readonly proxy: EgressProxy },
  done: (found: Failure | undefined) => void,
): void {
  let reply = "";

  function onReadable(): void {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      return;
    }
    reply += chunk.toString("latin1");
    const end = reply.indexOf("\r\n\r\n");
    if (end === -1 && reply.length <= REPLY_BYTES_MAX) {
      return;
    }
    socket.off("readable", onReadable);
    // A receiver speaks when it has been spoken to: what follows so soon is none of its bytes.
    done(end === reply.length - 4 ? failureIn(reply) : failure("proxy_failed"));
  }

  socket.on("readable", onReadable);
  const authority = `${hostOf(target)}:${target.port}`;
  const credentials =
    proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
}

function hostOf({ hostname }: Target): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

function failureIn(reply: string): Failure | undefined {
  const status = Number(/^HTTP\/1\.[01] (\d{3})[ \r]/.exec(reply)?.[1] ?? "0");
  if (status >= 200 && status < 300) {
    return undefined;
  }
  const suffix = status === 0 ? "" : `; it answered ${status}`;
  switch (status) {
    case 403:
      return failureWith("proxy_denied", suffix);
    case 407:
      // Smokescreen refuses a receiver with the status that asks for a password.
      return failureWith(
        /\r\nx-smokescreen-error:/i.test(reply) ? "proxy_denied" : "proxy_unauthorized",
        suffix,
      );
    case 502:
    case 503:
    case 504:
      return failureWith("tunnel_failed", suffix);
    default:
      return failureWith("proxy_failed", suffix);
  }
}
