import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import * as tls from "node:tls";
import { inShort, listen, listenAnswering, OK, onRequest, portOf, setupSender } from "./receiver-fixture.ts";

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const OPENSSL = process.env["OPENSSL"] ?? "openssl";

// Elliptic: quick to make.
const NEW_KEY = "-nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1";

const hasOpenssl = spawnSync(OPENSSL, ["version"]).status === 0;

describe("send() over TLS", { skip: hasOpenssl ? false : "the openssl command is not installed" }, () => {
  let folder = "";
  let root = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "posthorn-tls-"));
    openssl(`req -x509 ${NEW_KEY} -subj /CN=root -days 2 -keyout root.key -out root.pem`);
    root = readFileSync(join(folder, "root.pem"), "utf8");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function openssl(command: string): void {
    execFileSync(OPENSSL, command.split(" "), { cwd: folder, stdio: "pipe" });
  }

  function certificate(name: string, subjectAltName: string, days: number): Certificate {
    writeFileSync(join(folder, "san"), `subjectAltName=${subjectAltName}\n`);
    openssl(`req -new ${NEW_KEY} -subj /CN=leaf -keyout ${name}.key -out ${name}.csr`);
    const signed = `-CA root.pem -CAkey root.key -set_serial 7 -extfile san -days ${days}`;
    openssl(`x509 -req -in ${name}.csr -out ${name}.pem ${signed}`);
    const [key = "", cert = ""] = [`${name}.key`, `${name}.pem`].map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
    return { key, cert };
  }

  async function listenTls(t: TestContext, options: tls.TlsOptions) {
    const requests: string[] = [];
    const sockets: tls.TLSSocket[] = [];
    const server = tls.createServer(options, (socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      onRequest(socket, (request) => {
        requests.push(request);
        socket.write(OK);
      });
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
    return {
      url: `https://hooks.example:${port}/`,
      literalUrl: `https://127.0.0.1:${port}/`,
      requests,
      sockets,
    };
  }

  function setup(t: TestContext, trustedRoots: readonly string[]) {
    return setupSender(t, { trustedRoots, resolve: async () => ({ addresses: ["127.0.0.1"] }) });
  }

  it("trusts a certificate for the host's name, says the name, and resumes the session", async (t) => {
    const receiver = await listenTls(t, certificate("good", "DNS:hooks.example", 2));
    const { post } = setup(t, [root]);
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(receiver.sockets.length, 1);
    const [first] = receiver.sockets;
    assert.ok(first !== undefined);
    assert.equal(first.servername, "hooks.example");
    assert.equal(first.alpnProtocol || "http/1.1", "http/1.1");
    first.end();
    await once(first, "close");
    assert.equal(inShort(await post(receiver.url)), "status 200 whole");
    assert.equal(receiver.sockets[1]?.isSessionReused(), true);
  });

  it("trusts a certificate for an IP address", async (t) => {
    const receiver = await listenTls(t, certificate("ip", "IP:127.0.0.1", 2));
    const { post } = setup(t, [root]);
    assert.equal(inShort(await post(receiver.literalUrl)), "status 200 whole");
  });

  const REFUSED: readonly { what: string; san: string; days: number; isTrusted: boolean; code: string }[] = [
    { what: "expired", san: "DNS:hooks.example", days: -1, isTrusted: true, code: "tls_certificate_expired" },
    {
      what: "for another host",
      san: "DNS:other.example",
      days: 2,
      isTrusted: true,
      code: "tls_hostname_mismatch",
    },
    {
      what: "of an unknown root",
      san: "DNS:hooks.example",
      days: 2,
      isTrusted: false,
      code: "tls_certificate_untrusted",
    },
  ];

  for (const { what, san, days, isTrusted, code } of REFUSED) {
    it(`sends nothing when the certificate is ${what}`, async (t) => {
      const receiver = await listenTls(t, certificate(what.replaceAll(" ", "-"), san, days));
      const { post, sender } = setup(t, isTrusted ? [root] : []);
      for (let n = 0; n < 3; n++) {
        assert.equal(inShort(await post(receiver.url)), `unreachable ${code}`);
      }
      assert.deepEqual(receiver.requests, []);
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("sends nothing when the certificate is self-signed, whatever the environment says", async (t) => {
    const receiver = await listenTls(t, { key: readFileSync(join(folder, "root.key")), cert: root });
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    t.after(() => {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    });
    const { post } = setup(t, []);
    assert.equal(inShort(await post(receiver.url)), "unreachable tls_certificate_untrusted");
    assert.deepEqual(receiver.requests, []);
  });

  it("sends nothing over TLS older than 1.2", async (t) => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    const receiver = await listenTls(t, { ...certificate("old", "DNS:hooks.example", 2), ...old });
    const { post } = setup(t, [root]);
    assert.equal(inShort(await post(receiver.url)), "unreachable tls_failed");
    assert.deepEqual(receiver.requests, []);
  });

  it("tells when the receiver wants a certificate of ours", async (t) => {
    const wants = { requestCert: true, rejectUnauthorized: true, ca: root };
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const leaf = certificate(`mutual-${maxVersion}`, "DNS:hooks.example", 2);
      const receiver = await listenTls(t, { ...leaf, ...wants, maxVersion });
      const { post } = setup(t, [root]);
      assert.match(inShort(await post(receiver.url)), /^unreachable (tls_failed|connection_(reset|closed))$/);
      assert.deepEqual(receiver.requests, []);
    }
  });

  it("tells when the receiver does not speak TLS", async (t) => {
    const plain = await listenAnswering(t, OK);
    const { post } = setup(t, [root]);
    const url = plain.origin.replace("http:", "https:");
    const talking = await listen(t, (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    assert.equal(inShort(await post(talking.origin.replace("http:", "https:"))), "unreachable tls_failed");
    const sent = await post(url, { timeoutMs: 1_000 });
    assert.equal(inShort(sent), "timed_out timeout_tls");
    assert.doesNotMatch(plain.received().join(""), /POST/);
  });

  it("tells when the receiver closes within the handshake", async (t) => {
    const closing = await listen(t, (socket) => socket.once("data", () => socket.end()));
    const { post } = setup(t, [root]);
    assert.equal(inShort(await post(closing.origin.replace("http:", "https:"))), "unreachable tls_failed");
  });
});
