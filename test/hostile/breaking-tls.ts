/** Receivers with which no TLS connection comes to be that could be trusted. */
import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { type Certificate, makeCertificate } from "../../server/src/outbound/certificate-fixture.ts";
import type { Behaviour } from "./behaviour.ts";
import { type HostileReceiver, rows } from "./hostile-receiver.ts";

const UNTRUSTED = "unreachable tls_certificate_untrusted";
const FAILED = "unreachable tls_failed";

function shows({ key, cert }: Pick<Certificate, "key" | "cert">): Behaviour {
  const secureContext = createSecureContext({ key, cert });
  return (socket) => {
    new TLSSocket(socket, { isServer: true, secureContext }).on("error", () => {});
  };
}

function unknownRoots(): Pick<Certificate, "key" | "cert"> {
  const root = makeCertificate({ subject: "root", isAuthority: true });
  const { key, cert } = makeCertificate({ host: "127.0.0.1", issuer: root });
  return { key, cert: cert + root.cert };
}

function onceSpokenTo(act: (socket: Socket) => void): Behaviour {
  return (socket) => socket.once("data", () => act(socket));
}

export const BREAKING_TLS: readonly HostileReceiver[] = rows(
  ["shows a certificate that signs itself", shows(makeCertificate({ host: "127.0.0.1" })), UNTRUSTED],
  ["shows a certificate of an unknown root", shows(unknownRoots()), UNTRUSTED],
  ["closes within the TLS handshake", onceSpokenTo((socket) => socket.end()), FAILED],
  ["resets within the TLS handshake", onceSpokenTo((socket) => socket.resetAndDestroy()), FAILED],
  ["speaks HTTP where TLS is wanted", (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"), FAILED],
  [
    "sends garbage within the TLS handshake",
    onceSpokenTo((socket) => socket.write("\0".repeat(9_000))),
    FAILED,
  ],
).map((row) => ({ ...row, scheme: "https" }));
