import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents, cloudEventsBatch } from "@posthorn/contracts/cloudevents/send";
import type { Contract, Settings } from "@posthorn/contracts/contract";
import type { ReceivedEvent } from "@posthorn/contracts/receiving";
import {
  rendered,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "@posthorn/contracts/samples";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import express, { type Express } from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { createBspkReceiver } from "./bspk.ts";
import { createBubblehouseReceiver } from "./bubblehouse.ts";
import { createCloudEventsReceiver } from "./cloudevents.ts";
import { expressHandler } from "./express.ts";
import { fastifyReceiver } from "./fastify.ts";
import { fetchHandler } from "./fetch.ts";
import { honoHandler } from "./hono.ts";
import type { Receiver } from "./receiver.ts";
import { createSpektrReceiver } from "./spektr.ts";
import { createStandardReceiver } from "./standard.ts";

const hooks = "/hooks/:name";

type Send = (request: Request) => Promise<Response>;

/** Puts a receiver behind a framework and returns how to send to it, by HTTP where there is some. */
type Framework = (test: TestContext, receiver: Receiver) => Promise<Send>;

async function listening(test: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : assert.fail("no port");
}

/** Sends a request to another origin, as the same bytes. */
async function forward(origin: string, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  const bytes = method === "GET" ? null : await request.arrayBuffer();
  return fetch(origin + pathname + search, { method, headers, body: bytes });
}

const overHttp =
  (serverOf: (receiver: Receiver) => Server): Framework =>
  async (test, receiver) => {
    const origin = await listening(test, serverOf(receiver));
    return (request) => forward(origin, request);
  };

const frameworks: Readonly<Record<string, Framework>> = {
  "node:http": overHttp((receiver) => createServer((req, res) => void expressHandler(receiver)(req, res))),
  express: overHttp((receiver) => createServer(express().all(hooks, expressHandler(receiver)))),
  "express.raw()": overHttp((receiver) => {
    const app = express().use(express.raw({ type: () => true, limit: "9mb" }));
    return createServer(app.all(hooks, expressHandler(receiver)));
  }),
  "express.text()": overHttp((receiver) => {
    const app = express().use(express.text({ type: () => true, limit: "9mb" }));
    return createServer(app.all(hooks, expressHandler(receiver)));
  }),
  fastify: async (test, receiver) => {
    const app = Fastify();
    await app.register(fastifyReceiver(receiver, hooks));
    const origin = await app.listen({ port: 0 });
    test.after(() => app.close());
    return (request) => forward(origin, request);
  },
  fetch: async (_, receiver) => fetchHandler(receiver),
  hono: async (_, receiver) => {
    const app = new Hono().all(hooks, honoHandler(receiver));
    return async (request) => app.fetch(request);
  },
};

interface Side {
  readonly contract: Contract;
  readonly settings?: Settings;
  readonly status: number;
  readonly receiverOf: (secrets: readonly string[], onEvent: (event: ReceivedEvent) => void) => Receiver;
}

const now = () => sampleAttempt().at;
const sides: readonly Side[] = [
  {
    contract: standard,
    status: 204,
    receiverOf: (secrets, onEvent) => createStandardReceiver({ secrets, onEvent, now }),
  },
  {
    contract: bspk,
    status: 204,
    receiverOf: (secrets, onEvent) => createBspkReceiver({ secrets, onEvent, now }),
  },
  {
    contract: spektr,
    status: 200,
    receiverOf: (secrets, onEvent) => createSpektrReceiver({ secrets, onEvent, now }),
  },
  {
    contract: bubblehouse,
    status: 200,
    receiverOf: (secrets, onEvent) => createBubblehouseReceiver({ secrets, onEvent, now }),
  },
  ...[
    { contract: cloudEvents },
    { contract: cloudEvents, settings: { mode: "binary" } },
    { contract: cloudEventsBatch },
  ].map((side) => ({ ...side, status: 204, receiverOf: cloudEventsReceiverOf })),
];

function cloudEventsReceiverOf(secrets: readonly string[], onEvent: (event: ReceivedEvent) => void) {
  return createCloudEventsReceiver({ secrets, onEvent, allowedOrigins: ["posthorn"], allowedRate: 60 });
}

const nameOf = ({ contract, settings }: Side) =>
  `${contract.name}${settings ? JSON.stringify(settings) : ""}`;

function setup({ contract, settings = {}, receiverOf }: Side) {
  const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), { hmac: true }) ?? "";
  const endpoint = sampleEndpoint({ url: `https://receiver.example${hooks}`, secrets: [secret], settings });
  const taken: ReceivedEvent[] = [];
  const receiver = receiverOf([secret], (event) => void taken.push(event));
  const requestOf = (data: string) => {
    const { url, headers, payload } = rendered(
      contract.request(endpoint, [sampleEvent({ type: "metafield.created", data })], sampleAttempt()),
    );
    return new Request(url, { method: "POST", headers, body: Uint8Array.from(payload) });
  };
  return { receiver, taken, requestOf };
}

for (const [name, serve] of Object.entries(frameworks)) {
  describe(`a receiver behind ${name}`, () => {
    for (const side of sides) {
      it(`what ${nameOf(side)} sends is what onEvent is given, byte for byte`, async (test) => {
        const { receiver, taken, requestOf } = setup(side);
        const send = await serve(test, receiver);
        const data = '{ "customer" : {"email":"zoë@x.example"}, "n":[1.0, "😀\\u2028"] }';
        const answer = await send(requestOf(data));
        assert.equal(answer.status, side.status, await answer.text());
        assert.deepEqual(
          taken.map((event) => [event.name, event.data]),
          [["metafield.created", JSON.parse(data)]],
        );
      });

      it(`what ${nameOf(side)} sends is refused without its headers, and as a GET`, async (test) => {
        const { receiver, taken, requestOf } = setup(side);
        const send = await serve(test, receiver);
        const request = requestOf('{"customer":{}}');
        const bare = new Request(request.url, { method: "POST", body: await request.text() });
        assert.equal((await send(bare)).status, 401);
        const got = await send(new Request(request.url));
        // Fastify has no route for it and says so itself.
        assert.ok([404, 405].includes(got.status), String(got.status));
        assert.deepEqual(taken, []);
      });
    }

    it("a sender that asks for permission hears how it may send, if it may", async (test) => {
      const send = await serve(
        test,
        cloudEventsReceiverOf(["a-token"], () => assert.fail()),
      );
      const ask = async (origin: string) => {
        const headers = { "webhook-request-origin": origin };
        const { status, headers: answered } = await send(
          new Request("https://receiver.example/hooks/x", { method: "OPTIONS", headers }),
        );
        return [status, answered.get("webhook-allowed-origin"), answered.get("webhook-allowed-rate")];
      };
      assert.deepEqual(await ask("posthorn"), [204, "posthorn", "60"]);
      assert.deepEqual(await ask("stranger"), [403, null, null]);
    });

    it("Bubblehouse's Hello1 is answered as its sender wants it, other hooks by 404", async (test) => {
      const secret = bubblehouse.makeSecret((count) => Buffer.alloc(count, 7), {}) ?? "";
      const endpoint = sampleEndpoint({ url: `https://receiver.example${hooks}`, secrets: [secret] });
      const greeting = { id: "grt_00112233445566778899aabbccddeeff", at: now() } as const;
      const { url, headers, payload } = bubblehouse.handshake?.request(endpoint, greeting) ?? assert.fail();
      const onEvent = () => assert.fail();
      const send = await serve(test, createBubblehouseReceiver({ secrets: [secret], onEvent, now }));
      const call = async (hook: string) =>
        await send(new Request(hook, { method: "POST", headers, body: Uint8Array.from(payload) }));

      const answered = await call(url);
      const answer = sampleAnswer(answered.status, { body: await answered.text() });
      const reception = bubblehouse.handshake?.reception({ endpoint, greeting, answer, at: now() });
      assert.deepEqual(reception, { kind: "accepted" });
      assert.equal((await call(url.replace("Hello1", "Hello2"))).status, 404);
    });

    it("a contract without a handshake gives no consent to one that asks for it", async (test) => {
      const [side = assert.fail()] = sides;
      const send = await serve(test, setup(side).receiver);
      const { status } = await send(new Request("https://receiver.example/hooks/x", { method: "OPTIONS" }));
      assert.ok([404, 405].includes(status), String(status));
    });

    it("a body beyond the limit is answered 413, with and without its length ahead", async (test) => {
      const [side = assert.fail()] = sides;
      const { receiver, taken, requestOf } = setup(side);
      const send = await serve(test, receiver);
      const { url, headers } = requestOf("{}");
      const body = Buffer.alloc(receiver.bodyBytesMax + 1, " ");
      assert.equal((await send(new Request(url, { method: "POST", headers, body }))).status, 413);
      assert.deepEqual(taken, []);
    });
  });
}

describe("expressHandler()", () => {
  async function serving(test: TestContext, app: Express) {
    const [, side = assert.fail()] = sides;
    const { receiver, taken, requestOf } = setup(side);
    const handler = expressHandler(receiver);
    const errors: unknown[] = [];
    const handled: Promise<void>[] = [];
    app.post(hooks, (req, res) => {
      const next = (error: unknown) => {
        errors.push(error);
        res.status(500).end();
      };
      handled.push(handler(req, res, next));
    });
    const origin = await listening(test, createServer(app));
    const send = () => forward(origin, requestOf('{"id":7}'));
    return { origin, taken, errors, handled, send, bodyBytesMax: receiver.bodyBytesMax };
  }

  it("expressHandler() says what to do when a parser of JSON came first, and takes nothing", async (test) => {
    const { taken, errors, send } = await serving(test, express().use(express.json()));
    assert.equal((await send()).status, 500);
    assert.match(String(errors[0]), /mount the receiver before express\.json\(\)/);
    assert.deepEqual(taken, []);
  });

  it("expressHandler() takes the bytes that a platform keeps beside what it parsed", async (test) => {
    const keepRaw = express.json({
      verify: (req, _res, bytes) => Object.assign(req, { rawBody: bytes }),
    });
    const { taken, send } = await serving(test, express().use(keepRaw));
    assert.equal((await send()).status, 204);
    assert.equal(taken.length, 1);
  });

  it("expressHandler() answers 413 to a stream without an end, and closes its connection", async (test) => {
    const { origin, taken, bodyBytesMax } = await serving(test, express());
    const request = httpRequest(`${origin}/hooks/x`, { method: "POST" });
    request.on("error", () => undefined);
    // The end is left out. Of what comes behind the limit nothing is read, and the reset that says so may
    // outrun the answer: so there is nothing.
    request.write(Buffer.alloc(bodyBytesMax + 1, " "));
    const closed = new Promise((resolve) => {
      request.on("close", resolve);
    });
    const [response] = await once(request, "response");
    assert.deepEqual([response.statusCode, response.headers.connection], [413, "close"]);
    response.resume();
    await closed;
    assert.deepEqual(taken, []);
  });

  it("expressHandler() keeps nothing beyond the limit, and nothing at all of a known length", async () => {
    const [, side = assert.fail()] = sides;
    const { receiver } = setup(side);
    const serve = async (headers: Record<string, string>, chunks: number) => {
      const res = { statusCode: 0, setHeader: () => undefined, end: () => undefined };
      const stream = new EventEmitter();
      const req = Object.assign(stream, { method: "POST", url: "/", headers, readableDidRead: false });
      const done = expressHandler(receiver)(req, res);
      const listened = stream.listenerCount("data");
      for (let count = 0; count < chunks; count += 1) stream.emit("data", new Uint8Array(1_000_000));
      await done;
      return [res.statusCode, listened, stream.listenerCount("data")];
    };
    assert.deepEqual(await serve({}, 3), [413, 1, 0]);
    assert.deepEqual(await serve({ "content-length": "2000001" }, 0), [413, 0, 0]);
  });

  it("expressHandler() finds the hook's name in the whole path, wherever it is mounted", async (test) => {
    const side = sides.find(({ contract }) => contract === bubblehouse) ?? assert.fail();
    const { receiver, taken, requestOf } = setup(side);
    const app = express().use("/hooks/SendEvent1", expressHandler(receiver));
    const origin = await listening(test, createServer(app));
    const answer = await forward(origin, requestOf('{"customer":{}}'));
    assert.deepEqual([answer.status, taken.length], [200, 1]);
  });

  it("expressHandler() answers a body that comes in very many pieces", async (test) => {
    const { origin, errors } = await serving(test, express());
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    test.after(() => socket.destroy());
    socket.write("POST /hooks/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
    socket.write(`${"1\r\nx\r\n".repeat(300_000)}0\r\n\r\n`);
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 4/);
    assert.deepEqual(errors, []);
  });

  it("expressHandler() takes nothing from a sender that hangs up, and serves the next", async (test) => {
    const arrived = Promise.withResolvers<undefined>();
    const app = express().use((_req, _res, next) => {
      arrived.resolve(undefined);
      next();
    });
    const { origin, taken, errors, handled, send } = await serving(test, app);
    const request = httpRequest(`${origin}/hooks/x`, { method: "POST", headers: { "content-length": 100 } });
    const closed = new Promise((resolve) => {
      request.on("error", () => undefined).on("close", resolve);
    });
    request.write("{");
    await arrived.promise;
    request.destroy();
    await closed;
    assert.equal((await send()).status, 204);
    await Promise.all(handled);
    assert.deepEqual([handled.length, taken.length, errors], [2, 1, []]);
  });
});

describe("fetchHandler()", () => {
  it("fetchHandler() throws where the body was read before it", async () => {
    const [, side = assert.fail()] = sides;
    const { receiver, requestOf } = setup(side);
    const request = requestOf("{}");
    await request.text();
    await assert.rejects(fetchHandler(receiver)(request), /must not be read before/);
  });

  it("fetchHandler() reads an endless stream to the limit, and not at all of a known length", async () => {
    const [, side = assert.fail()] = sides;
    const { receiver } = setup(side);
    const pullsOf = async (headers: Record<string, string>) => {
      let pulls = 0;
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        pulls += 1;
        controller.enqueue(new Uint8Array(100_000));
      };
      const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
      const endless = new Request("https://x.example/", { method: "POST", headers, body, duplex: "half" });
      assert.equal((await fetchHandler(receiver)(endless)).status, 413);
      return pulls;
    };
    assert.equal(await pullsOf({}), 21);
    assert.equal(await pullsOf({ "content-length": "2000001" }), 0);
  });
});

describe("fastifyReceiver()", () => {
  it("fastifyReceiver() leaves the parsers of other routes alone", async (test) => {
    const [, side = assert.fail()] = sides;
    const app = Fastify();
    await app.register(fastifyReceiver(setup(side).receiver, hooks));
    app.post("/other", async ({ body }) => ({ got: body }));
    test.after(() => app.close());
    const { body } = await app.inject({ method: "POST", url: "/other", payload: { a: 1 } });
    assert.deepEqual(JSON.parse(body), { got: { a: 1 } });
  });
});
