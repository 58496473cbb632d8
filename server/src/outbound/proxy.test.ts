import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import * as tls from "node:tls";
import { makeCertificate } from "./certificate-fixture.ts";
import { createGuard } from "./guard.ts";
import { startProxy } from "./proxy-fixture.ts";
import {
  holdDeadline,
  inShort,
  listen,
  listenAnswering,
  OK,
  onRequest,
  portOf,
  type SetupOptions,
  setupSender,
  unusedPort,
} from "./receiver-fixture.ts";

const HOST = "hooks.example";
const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/** A sender behind a proxy, to which DNS says nothing at all. */
function behind(t: Parameters<typeof setupSender>[0], options: SetupOptions) {
  const guard = createGuard({ allow: options.allow ?? [], resolvesNames: false });
  return setupSender(t, { guard, ...options });
}

describe("send() through a proxy", () => {
  it("asks for a tunnel by name for http, with credentials, and shows the receiver neither", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { proxy, asked } = await startProxy(t, { credentials: "user:p%40ss@" });
    const { post } = behind(t, { proxy });
    for (let n = 0; n < 2; n++) {
      assert.equal(inShort(await post(`http://${HOST}:${receiver.port}/a`)), "status 200 whole");
    }
    const authority = `${HOST}:${receiver.port}`;
    const credentials = Buffer.from("user:p@ss").toString("base64");
    assert.deepEqual(asked, [
      `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n` +
        `Proxy-Authorization: Basic ${credentials}\r\n\r\n`,
    ]);
    assert.match(receiver.received().join(""), /^POST \/a HTTP\/1\.1\r\n/);
    assert.doesNotMatch(receiver.received().join(""), /proxy-|CONNECT |p@ss/i);
  });

  it("speaks TLS with the receiver, not with the proxy, and verifies it", async (t) => {
    const root = makeCertificate({ subject: "root", isAuthority: true });
    for (const [host, expected] of [
      [HOST, "status 200 whole"],
      ["other.example", "unreachable tls_hostname_mismatch"],
    ] as const) {
      const server = tls.createServer(makeCertificate({ host, issuer: root }), (socket) => {
        socket.on("error", () => {});
        onRequest(socket, () => socket.write(OK));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      t.after(() => server.close());
      const { proxy } = await startProxy(t);
      const { post } = behind(t, { proxy, trustedRoots: [root.cert] });
      assert.equal(inShort(await post(`https://${HOST}:${portOf(server)}/`)), expected);
    }
  });

  it("finds a proxy by its name, which the guard does not judge", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { proxy } = await startProxy(t);
    const resolve = async (name: string) =>
      name === "proxy.corp" ? { addresses: ["127.0.0.1"] } : ({ failed: "dns_failed" } as const);
    const { post } = behind(t, { proxy: { ...proxy, hostname: "proxy.corp" }, resolve });
    assert.equal(inShort(await post(`http://${HOST}:${receiver.port}/`)), "status 200 whole");
  });

  it("writes the address of IPv6 with brackets", async (t) => {
    const { proxy, asked } = await startProxy(t, { reply: "HTTP/1.1 403 No\r\n\r\n" });
    const { post } = behind(t, { proxy });
    await post("https://[2606:4700::1111]/");
    assert.match(
      asked.join(),
      /^CONNECT \[2606:4700::1111\]:443 HTTP\/1\.1\r\nHost: \[2606:4700::1111\]:443\r\n/,
    );
  });
});

describe("send() through a proxy and the guard", () => {
  it("asks the proxy for nothing that the guard can judge by itself", async (t) => {
    const { proxy, asked } = await startProxy(t);
    for (const allow of [[], ["10.0.0.0/8"]]) {
      const { post } = behind(t, { proxy, allow });
      for (const host of [
        ...["127.0.0.1", "2130706433", "[::1]", "169.254.169.254", "192.168.0.1", "localhost"],
        ...["a.localhost", "redis", "metadata.google.internal", "metadata.goog", "x.corp"],
      ]) {
        assert.equal(inShort(await post(`http://${host}/`)), "blocked address_not_allowed", host);
      }
      assert.equal(inShort(await post("http://hooks.example:6379/")), "blocked url_not_allowed");
    }
    assert.deepEqual(asked, []);
  });

  it("reaches a listed address, and no private name whatever is listed", async (t) => {
    const receiver = await listenAnswering(t, OK);
    const { proxy, asked } = await startProxy(t);
    const { post } = behind(t, { proxy, allow: LOOPBACK });
    assert.equal(inShort(await post(receiver.origin)), "status 200 whole");
    const { answer } = await post(`http://redis:${receiver.port}/`);
    assert.ok(answer.kind === "blocked");
    assert.match(answer.detail, /through a proxy, give its address instead/);
    assert.equal(asked.length, 1);
  });
});

const REPLIES: readonly (readonly [reply: string, expected: string])[] = [
  ["HTTP/1.1 403 Forbidden\r\n\r\n", "blocked proxy_denied"],
  ["HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", "sender_failed proxy_unauthorized"],
  ["HTTP/1.1 407 No\r\nX-Smokescreen-Error: denied\r\n\r\n", "blocked proxy_denied"],
  ["HTTP/1.1 502 Bad gateway\r\n\r\n", "unreachable tunnel_failed"],
  ["HTTP/1.0 503 Busy\r\n\r\n", "unreachable tunnel_failed"],
  ["HTTP/1.1 504 Late\r\n\r\n", "unreachable tunnel_failed"],
  ["HTTP/1.1 301 Elsewhere\r\nlocation: http://127.0.0.1/\r\n\r\n", "sender_failed proxy_failed"],
  ["HTTP/1.1 405 Not here\r\n\r\n", "sender_failed proxy_failed"],
  ["HTTP/1.1 103 Early hints\r\n\r\n", "sender_failed proxy_failed"],
  ["HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "sender_failed proxy_failed"],
  ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "sender_failed proxy_failed"],
  [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`, "sender_failed proxy_failed"],
];

describe("send() through a proxy that fails", () => {
  for (const [reply, expected] of REPLIES) {
    it(`makes ${expected} of the reply ${JSON.stringify(reply.slice(0, 40))}`, async (t) => {
      const { proxy } = await startProxy(t, { reply });
      const { post, sender } = behind(t, { proxy });
      for (const scheme of ["http", "https"]) {
        assert.equal(inShort(await post(`${scheme}://${HOST}/`)), expected);
      }
      assert.equal(sender.counts().connections, 0);
    });
  }

  it("tells a proxy that cannot be reached, or breaks off, from a receiver that does", async (t) => {
    const url = `https://${HOST}/`;
    const { proxy } = await startProxy(t);
    const gone = behind(t, { proxy: { ...proxy, port: await unusedPort() } });
    assert.equal(inShort(await gone.post(url)), "sender_failed proxy_unreachable");
    const unknown = behind(t, { proxy: { ...proxy, hostname: "proxy.example" } });
    assert.equal(inShort(await unknown.post(url)), "sender_failed proxy_unreachable");
    const silentDns = behind(t, {
      proxy: { ...proxy, hostname: "proxy.example" },
      resolve: () => new Promise(() => {}),
    });
    assert.equal(inShort(await silentDns.post(url, { timeoutMs: 150 })), "sender_failed proxy_timeout");
    for (const act of ["end", "resetAndDestroy"] as const) {
      const broken = await listen(t, (socket) => socket.once("data", () => socket[act]()));
      const { post } = behind(t, { proxy: { ...proxy, port: broken.port } });
      assert.equal(inShort(await post(url)), "sender_failed proxy_failed");
    }
    const nobody = behind(t, { proxy });
    const nobodysUrl = `http://${HOST}:${await unusedPort()}/`;
    assert.equal(inShort(await nobody.post(nobodysUrl)), "unreachable tunnel_failed");
  });

  it("ends at the deadline when the proxy does not say whether it has the receiver", async (t) => {
    const { timeoutMs, pass } = holdDeadline(t);
    const silent = await listen(t, (socket) => socket.once("data", pass));
    const { proxy } = await startProxy(t);
    const { post } = behind(t, { proxy: { ...proxy, port: silent.port } });
    assert.equal(inShort(await post(`https://${HOST}/`, { timeoutMs })), "timed_out timeout_tunnel");
  });

  it("never repeats the credentials", async (t) => {
    const { proxy } = await startProxy(t, { credentials: "u:hunter22@", reply: "HTTP/1.1 407 No\r\n\r\n" });
    const { post } = behind(t, { proxy });
    const { answer } = await post(`https://${HOST}/`);
    assert.doesNotMatch(JSON.stringify(answer), /hunter22|dTpodW50ZXIyMg/);
  });
});
