import { joinedBytes, utf8Bytes } from "@posthorn/contracts/web-bytes";
import { joinedHeaders, type NodeHeaders } from "./node-headers.ts";
import { bodyTooLarge, type Receiver } from "./receiver.ts";

/** The part of Express's request that is needed; `node:http`'s has it as well. */
export interface ExpressRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string;
  readonly headers: NodeHeaders;
  /** What a body parser left. */
  readonly body?: unknown;
  /** The bytes that some platforms keep beside a parsed body. */
  readonly rawBody?: unknown;
  readonly readableDidRead: boolean;
  on(event: string, listener: (chunk: Uint8Array) => void): unknown;
  off(event: string, listener: (chunk: Uint8Array) => void): unknown;
}

/** The part of Express's response that is needed; `node:http`'s has it as well. */
export interface ExpressResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/**
 * Makes a handler for Express, or for `node:http`.
 *
 * It reads the body itself, or takes the bytes of `express.raw()`. Where a parser of JSON came first, the
 * bytes are gone: it passes an Error on that says so.
 *
 * @example
 * ```ts
 * app.post("/hooks", expressHandler(receiver));
 * ```
 */
export function expressHandler(
  receiver: Receiver,
): (req: ExpressRequest, res: ExpressResponse, next?: (error: unknown) => void) => Promise<void> {
  return async (req, res, next) => {
    try {
      const read = await payloadOf(req, receiver.bodyBytesMax);
      if (read.kind === "aborted") {
        return;
      }
      if (read.kind === "too_large") {
        // What is left of the body is not wanted, and nothing can follow it on this connection.
        res.setHeader("connection", "close");
        send(res, bodyTooLarge());
        return;
      }
      const { payload } = read;
      const url = req.originalUrl ?? req.url ?? "/";
      const { method = "" } = req;
      send(res, await receiver.receive({ method, url, headers: joinedHeaders(req.headers), payload }));
    } catch (error) {
      if (next === undefined) {
        throw error;
      }
      next(error);
    }
  };
}

function send(res: ExpressResponse, answer: Awaited<ReturnType<Receiver["receive"]>>): void {
  res.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) {
    res.setHeader(name, value);
  }
  res.end(answer.body);
}

type Read =
  | { readonly kind: "payload"; readonly payload: Uint8Array }
  | { readonly kind: "too_large" }
  | { readonly kind: "aborted" };

async function payloadOf(req: ExpressRequest, bytesMax: number): Promise<Read> {
  for (const bytes of [req.rawBody, req.body]) {
    if (bytes instanceof Uint8Array) {
      return { kind: "payload", payload: bytes };
    }
  }
  if (!req.readableDidRead) {
    return Number(req.headers["content-length"]) > bytesMax
      ? { kind: "too_large" }
      : readStream(req, bytesMax);
  }
  if (typeof req.body === "string") {
    return { kind: "payload", payload: utf8Bytes(req.body) };
  }
  throw new Error(
    "the body of the request must reach @posthorn/receiver as bytes, but a parser before it has read them: " +
      "mount the receiver before express.json(), or put express.raw({ type: () => true }) on its path",
  );
}

function readStream(req: ExpressRequest, bytesMax: number): Promise<Read> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const settle = (read: Read) => {
      req.off("data", onData);
      resolve(read);
    };
    const onData = (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > bytesMax) {
        settle({ kind: "too_large" });
      }
    };
    req.on("data", onData);
    req.on("end", () => settle({ kind: "payload", payload: joinedBytes(chunks) }));
    // A sender that hangs up is not there to be answered.
    req.on("close", () => settle({ kind: "aborted" }));
  });
}
