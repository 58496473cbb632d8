import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { connect, createServer as createProxy, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, createServer as createTlsServer } from "node:tls";
import { listeningPort } from "../../server/src/listening-port.ts";
import { makeCertificate } from "../../server/src/outbound/certificate-fixture.ts";

/** What came to a receiver of some name. */
export interface Call {
  readonly host: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** Receivers that have names, as those of customers have, all of them on this machine. */
export interface SampleReceivers {
  /** What a server needs of its environment to reach them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers from now on. */
  answer(reply: (call: Call) => Answer): void;
  close(): void;
}

/** Starts a receiver that has every name, with a certificate for each, behind a proxy that leads to it. */
export async function startSampleReceivers(): Promise<SampleReceivers> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-sample-"));
  const authority = makeCertificate({ subject: "sample", isAuthority: true });
  const trusted = join(folder, "authority.pem");
  writeFileSync(trusted, authority.cert);
  let replyTo: (call: Call) => Answer = () => ({ status: 200 });
  const answers = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { status, body: text } = replyTo({ host: request.headers.host ?? "", body });
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    });
  });
  // Connections are not closed while a request may be on its way to one.
  answers.keepAliveTimeout = 600_000;
  const receivers = createTlsServer(
    {
      SNICallback: (host, done) =>
        done(null, createSecureContext(makeCertificate({ host, issuer: authority }))),
    },
    (socket) => answers.emit("connection", socket),
  );
  const port = await listen(receivers);
  const proxy = createProxy((socket) => lead(socket, port));
  const proxyPort = await listen(proxy);
  return {
    environment: {
      POSTHORN_EGRESS_PROXY: `http://127.0.0.1:${proxyPort}`,
      NODE_EXTRA_CA_CERTS: trusted,
    },
    answer(reply) {
      replyTo = reply;
    },
    close() {
      proxy.close();
      receivers.close();
      answers.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Answers CONNECT, whatever it is to. */
function lead(socket: Socket, port: number): void {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => {
    const receiver = connect(port, "127.0.0.1");
    receiver.on("error", () => socket.destroy());
    socket.on("close", () => receiver.destroy());
    receiver.once("connect", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(receiver).pipe(socket);
    });
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return listeningPort(server);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString("utf8");
}
