import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import * as tls from "node:tls";
import { makeCertificate } from "./certificate-fixture.ts";
import { holdDeadline, inShort, listen, OK, onRequest, portOf, setupSender } from "./receiver-fixture.ts";

const HOST = "hooks.example";

const root = makeCertificate({ subject: "root", isAuthority: true });
const good = makeCertificate({ host: HOST, issuer: root });

// A server refuses weak keys, old protocols and weak signatures of its own accord, unless told not to.
const LAX = { ciphers: "DEFAULT:@SECLEVEL=0" };

async function listenTls(
  t: TestContext,
  options: tls.TlsOptions,
  onAsked: (socket: tls.TLSSocket) => void = (socket) => socket.write(OK),
) {
  const received: string[] = [];
  const sockets: tls.TLSSocket[] = [];
  const server = tls.createServer(options, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk) => received.push(chunk.toString("latin1")));
    onRequest(socket, () => onAsked(socket));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  const port = portOf(server);
  return { url: `https://${HOST}:${port}/`, literalUrl: `https://127.0.0.1:${port}/`, received, sockets };
}

function setup(t: TestContext, trustedRoots: readonly string[] = [root.cert]) {
  return setupSender(t, { trustedRoots, resolve: async () => ({ addresses: ["127.0.0.1"] }) });
}

describe("send() over TLS", () => {
  it("trusts a certificate for the host's name, says the name, and resumes the session", async (t) => {
    const receiver = await listenTls(t, good);
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(receiver.sockets.length, 1);
    const [first] = receiver.sockets;
    assert.ok(first !== undefined);
    assert.equal(first.servername, HOST);
    assert.equal(first.alpnProtocol || "http/1.1", "http/1.1");
    first.end();
    await once(first, "close");
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(receiver.sockets[1]?.isSessionReused(), true);
  });

  it("trusts a certificate for an IP address", async (t) => {
    const receiver = await listenTls(t, makeCertificate({ host: "127.0.0.1", issuer: root }));
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.literalUrl)), "status 200 whole");
  });

  it("counts what comes over the wire as it does without TLS", async (t) => {
    const informational = Buffer.from("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000));
    const receiver = await listenTls(t, good, (socket) => {
      const write = (): void => {
        if (!socket.destroyed) {
          socket.write(informational, write);
        }
      };
      write();
    });
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.url)), "bad_response response_endless");
  });

  it("trusts a certificate whose chain the receiver sends whole", async (t) => {
    const middle = makeCertificate({ subject: "middle", issuer: root, isAuthority: true });
    const leaf = makeCertificate({ host: HOST, issuer: middle });
    const receiver = await listenTls(t, { key: leaf.key, cert: leaf.cert + middle.cert });
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
  });
});

/** Each is refused within the handshake; the sender trusts `root`. */
const REFUSED: readonly (readonly [what: string, make: () => tls.TlsOptions, code: string])[] = [
  [
    "has expired",
    () => makeCertificate({ host: HOST, issuer: root, validDays: [-3, -1] }),
    "tls_certificate_expired",
  ],
  [
    "is not valid yet",
    () => makeCertificate({ host: HOST, issuer: root, validDays: [1, 2] }),
    "tls_certificate_not_yet_valid",
  ],
  [
    "is for another host",
    () => makeCertificate({ host: "other.example", issuer: root }),
    "tls_hostname_mismatch",
  ],
  [
    "is for an IP address",
    () => makeCertificate({ host: "127.0.0.1", issuer: root }),
    "tls_hostname_mismatch",
  ],
  ["signs itself", () => makeCertificate({ host: HOST }), "tls_certificate_untrusted"],
  [
    "is of an unknown root",
    () => makeCertificate({ host: HOST, issuer: makeCertificate({ subject: "root", isAuthority: true }) }),
    "tls_certificate_untrusted",
  ],
  [
    "comes without the one between it and the root",
    () => {
      const middle = makeCertificate({ subject: "middle", issuer: root, isAuthority: true });
      return makeCertificate({ host: HOST, issuer: middle });
    },
    "tls_certificate_untrusted",
  ],
  [
    "is signed by one that may not sign",
    () => {
      const leaf = makeCertificate({ host: HOST, issuer: good });
      return { key: leaf.key, cert: leaf.cert + good.cert };
    },
    "tls_certificate_untrusted",
  ],
  [
    "has a weak key",
    () => ({ ...makeCertificate({ host: HOST, issuer: root, rsaBits: 1_024 }), ...LAX }),
    "tls_certificate_weak",
  ],
  [
    "has a weak signature",
    () => ({ ...makeCertificate({ host: HOST, issuer: root, digest: "sha1" }), ...LAX }),
    "tls_certificate_weak",
  ],
];

describe("send() over TLS that cannot be trusted", () => {
  for (const [what, make, code] of REFUSED) {
    it(`sends nothing when the certificate ${what}`, async (t) => {
      const receiver = await listenTls(t, make());
      const { post, sender } = setup(t);
      for (let n = 0; n < 3; n++) {
        assert.equal(inShort(await post(receiver.url)), `unreachable ${code}`);
      }
      assert.deepEqual(receiver.received, []);
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("sends nothing when the certificate is untrusted, whatever the environment says", async (t) => {
    const receiver = await listenTls(t, good);
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    t.after(() => {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    });
    const { post } = setup(t, []);
    assert.equal(inShort(await post(receiver.url)), "unreachable tls_certificate_untrusted");
    assert.deepEqual(receiver.received, []);
  });

  it("sends nothing over TLS older than 1.2", async (t) => {
    const receiver = await listenTls(t, { ...good, ...LAX, minVersion: "TLSv1", maxVersion: "TLSv1.1" });
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.url)), "unreachable tls_failed");
    assert.deepEqual(receiver.received, []);
  });

  it("sends nothing when no cipher suits both", async (t) => {
    const receiver = await listenTls(t, { ...good, maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-SHA" });
    const { post } = setup(t);
    assert.equal(inShort(await post(receiver.url)), "unreachable tls_failed");
  });

  it("tells when the receiver wants a certificate of ours", async (t) => {
    const wants = { requestCert: true, rejectUnauthorized: true, ca: root.cert };
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const receiver = await listenTls(t, { ...good, ...wants, maxVersion });
      const { post } = setup(t);
      assert.match(inShort(await post(receiver.url)), /^unreachable (tls_failed|connection_(reset|closed))$/);
      assert.deepEqual(receiver.received, []);
    }
  });
});

describe("send() to a receiver that does not finish the handshake", () => {
  function secure(origin: string): string {
    return origin.replace("http:", "https:");
  }

  it("tells that it speaks something else", async (t) => {
    const { post } = setup(t);
    const talking = await listen(t, (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    assert.equal(inShort(await post(secure(talking.origin))), "unreachable tls_failed");
    const { timeoutMs, pass } = holdDeadline(t);
    const plain = await listen(t, (socket) => {
      onRequest(socket, () => socket.write(OK));
      socket.once("data", pass);
    });
    const sent = await post(secure(plain.origin), { timeoutMs });
    assert.equal(inShort(sent), "timed_out timeout_tls");
    assert.doesNotMatch(plain.received().join(""), /POST/);
  });

  it("tells that it closes or resets", async (t) => {
    const { post } = setup(t);
    const closing = await listen(t, (socket) => socket.once("data", () => socket.end()));
    assert.equal(inShort(await post(secure(closing.origin))), "unreachable tls_failed");
    const resetting = await listen(t, (socket) => socket.once("data", () => socket.resetAndDestroy()));
    assert.equal(inShort(await post(secure(resetting.origin))), "unreachable tls_failed");
  });

  it("ends at the deadline when it says nothing, and never tries without TLS", async (t) => {
    const { post } = setup(t);
    const { timeoutMs, pass } = holdDeadline(t);
    const silent = await listen(t, (socket) => socket.once("data", pass));
    const sent = await post(secure(silent.origin), { timeoutMs });
    assert.equal(inShort(sent), "timed_out timeout_tls");
    assert.equal(silent.sockets.length, 1);
    assert.doesNotMatch(silent.received().join(""), /POST/);
  });
});
