import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { createApp } from "./app.ts";
import { setUpApp } from "./app-setup.test.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "./connection-limits.ts";
import { assertRawProblem, headOf, listen } from "./raw-client.test.ts";

const EVENTS = "/v1/tenants/acme/events";
const HEALTH = headOf("GET", "/healthz");
// Where a test waits for a limit, it may be short: nothing else happens on the connection.
const SOON = { checkEveryMs: 20, headersMsMax: 100, requestMsMax: 200 };

async function setup(t: TestContext, limits: Partial<ConnectionLimits> = {}) {
  const { ports, engine, store } = await setUpApp();
  const app = createApp(ports, { ...CONNECTION_LIMITS, ...limits });
  return { app, engine, store, open: await listen(app, t) };
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

describe("a client that is slow", () => {
  test("with its headers is cut off, and told so", async (t) => {
    const { open } = await setup(t, SOON);
    const client = open();
    client.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
    assertRawProblem(await client.closed(), 408, "request_timeout");
  });

  test("with headers that drip is cut off all the same", async (t) => {
    const { open } = await setup(t, SOON);
    const client = open();
    client.write("GET /healthz HTTP/1.1\r\n");
    const drip = setInterval(() => client.write("x: 1\r\n"), 10);
    t.after(() => clearInterval(drip));
    assertRawProblem(await client.closed(), 408, "request_timeout");
  });

  test("and sends nothing at all is cut off", async (t) => {
    const { open } = await setup(t, SOON);
    assertRawProblem(await open().closed(), 408, "request_timeout");
  });

  test("with its body is cut off, told so, and nothing of it is stored", async (t) => {
    const { open, store } = await setup(t, SOON);
    for (const length of ["content-length: 1000", "transfer-encoding: chunked"]) {
      const client = open();
      client.write(headOf("POST", EVENTS, [length]));
      const drip = setInterval(() => client.write("1\r\n \r\n"), 10);
      t.after(() => clearInterval(drip));
      assertRawProblem(await client.closed(), 408, "request_timeout");
    }
    assert.equal((await store.readHead(0)).head, 0);
  });

  test("between two requests is closed", async (t) => {
    const { open } = await setup(t, { idleMsMax: 50 });
    const client = open();
    client.write(HEALTH);
    assert.equal(countOf(await client.closed(), "HTTP/1.1 200"), 1);
  });

  test("and takes nothing of its answer is closed", async (t) => {
    const { open, engine } = await setup(t, { stalledMsMax: 50 });
    engine.accept = () => new Promise(() => {});
    const client = open();
    client.write(`${headOf("POST", EVENTS, ["content-length: 21"])}{"type":"a","data":1}`);
    assert.equal(await client.closed(), "");
  });
});

describe("a request that is too much", () => {
  test("has too many headers", async (t) => {
    const { open } = await setup(t);
    for (const [count, status] of [
      [CONNECTION_LIMITS.headersMax - 3, 200],
      [CONNECTION_LIMITS.headersMax - 2, 431],
      [2000, 431],
    ] as const) {
      const client = open();
      client.write(headOf("GET", "/healthz", Array(count).fill("a: 1")));
      const text = await client.until(/\}$/);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      if (status === 431) {
        assertRawProblem(await client.closed(), 431, "headers_too_large");
      }
    }
  });

  test("has headers, or a path, of too many bytes", async (t) => {
    const { open } = await setup(t);
    for (const head of [
      headOf("GET", "/healthz", [`a: ${"x".repeat(20_000)}`]),
      headOf("GET", `/v1/${"x".repeat(20_000)}`),
    ]) {
      const client = open();
      client.write(head);
      assertRawProblem(await client.closed(), 431, "headers_too_large");
    }
  });

  test("follows too many others that wait for their answers", async (t) => {
    const { open, engine } = await setup(t, { pipelinedMax: 3 });
    const { promise: hasThree, resolve: tellThree } = Promise.withResolvers<void>();
    let accepting = 0;
    const { accept } = engine;
    engine.accept = async (...all) => {
      accepting += 1;
      if (accepting === 3) {
        tellThree();
      }
      await hasThree;
      return await accept(...all);
    };
    const client = open();
    const one = `${headOf("POST", EVENTS, ["content-length: 21"])}{"type":"a","data":1}`;
    client.write(one.repeat(40));

    const text = await client.closed();
    assert.equal(accepting, 3);
    assert.equal(countOf(text, "HTTP/1.1 202"), 3);
    assert.match(text, /HTTP\/1\.1 429 [\s\S]*"code":"rate_limited"/);
  });

  test("comes on a connection more than there may be: idle ones give way", async (t) => {
    const { open } = await setup(t, { connectionsMax: 2 });
    const idle = [open(), open()];
    for (const client of idle) {
      client.write(HEALTH);
      await client.until(/\}$/);
    }
    assert.equal(await open().closed(), "");
    await Promise.all(idle.map((client) => client.closed()));
    const next = open();
    next.write(HEALTH);
    assert.match(await next.until(/\}$/), /^HTTP\/1\.1 200/);
  });
});

describe("a request that is none", () => {
  test("is answered by a Problem, whatever is wrong with it", async (t) => {
    const { open } = await setup(t);
    const cases = [
      "this is not HTTP\r\n\r\n",
      "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
      "GET / HTTP/9.9\r\nhost: x\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: x\r\na: b\u0000c\r\n\r\n",
      "GET /a b HTTP/1.1\r\nhost: x\r\n\r\n",
      headOf("POST", EVENTS, ["content-length: 5x"]),
      headOf("POST", EVENTS, ["content-length: -1"]),
      headOf("POST", EVENTS, ["content-length: 5", "content-length: 6"]),
      headOf("POST", EVENTS, ["content-length: 5", "transfer-encoding: chunked"]),
      headOf("POST", EVENTS, ["transfer-encoding: gzip"]),
      `${headOf("POST", EVENTS, ["transfer-encoding: chunked"])}zz\r\n`,
    ];
    for (const text of cases) {
      const client = open();
      client.write(text);
      assertRawProblem(await client.closed(), 400, "bad_request");
    }
  });

  test("that follows one whose answer is not finished ends the connection without another", async (t) => {
    const { open, engine } = await setup(t);
    engine.accept = () => new Promise(() => {});
    const client = open();
    client.write(`${headOf("POST", EVENTS, ["content-length: 21"])}{"type":"a","data":1}`);
    client.write("\u0000\u0000\r\n\r\n");
    assert.equal(await client.closed(), "");
  });

  test("an HTTP/1.0 request needs no host; unknown expectations and upgrades are passed over", async (t) => {
    const { open } = await setup(t);
    for (const head of [
      "GET /healthz HTTP/1.0\r\n\r\n",
      headOf("GET", "/healthz", ["expect: 200-ok"]),
      headOf("GET", "/healthz", ["connection: upgrade", "upgrade: websocket"]),
    ]) {
      const client = open();
      client.write(head);
      assert.match(await client.until(/\}$/), /^HTTP\/1\.1 200 /, head);
    }
  });
});

describe("a client that goes away", () => {
  test("after half a request, or without one, leaves nothing open", async (t) => {
    const { open, app, store } = await setup(t);
    for (const text of ["", "GET /hea", headOf("POST", EVENTS, ["content-length: 9"]), HEALTH]) {
      const reset = open();
      reset.write(text);
      reset.socket.resetAndDestroy();
      const halfClosed = open();
      halfClosed.socket.end(text);
      await Promise.all([reset.closed(), halfClosed.closed()]);
    }
    assert.equal((await store.readHead(0)).head, 0);
    while ((await connectionsOf(app)) > 0) {
      await new Promise(setImmediate);
    }
  });

  test("only half, after its request, still gets the answer", async (t) => {
    const { open } = await setup(t);
    const client = open();
    client.socket.end(HEALTH);
    assert.match(await client.closed(), /^HTTP\/1\.1 200 /);
  });
});

describe("an application that closes", () => {
  test("answers what it has begun to read, stores it, and takes nothing new", async (t) => {
    const { open, app, store } = await setup(t);
    const client = open();
    const arrived = once(app.server, "request");
    client.write(`${headOf("POST", EVENTS, ["content-length: 21", "connection: close"])}{"type":"a"`);
    await arrived;

    const closing = app.close();
    client.write(',"data":1}');

    assert.match(await client.closed(), /^HTTP\/1\.1 202 /);
    await closing;
    assert.equal(await open().closed(), "");
    const log = await store.readLog({ lease: 0, after: 0, to: 9e15, limit: 9, bytesMax: 9 });
    assert.equal(log.events.length, 1);
  });
});

function connectionsOf({ server }: Awaited<ReturnType<typeof setup>>["app"]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
