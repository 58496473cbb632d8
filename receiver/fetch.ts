import { joinedBytes } from "@posthorn/contracts/web-bytes";
import { bodyTooLarge, type Receiver } from "./receiver.ts";

/**
 * Makes a handler for whatever speaks Fetch: Workers, Bun, Deno, Next's route handlers.
 *
 * @example
 * ```ts
 * export const POST = fetchHandler(receiver); // Next: app/hooks/route.ts
 * ```
 */
export function fetchHandler(receiver: Receiver): (request: Request) => Promise<Response> {
  return async (request) => {
    const payload = await payloadOf(request, receiver.bodyBytesMax);
    const { method, url } = request;
    const { status, headers, body } =
      payload === undefined
        ? bodyTooLarge()
        : await receiver.receive({ method, url, headers: Object.fromEntries(request.headers), payload });
    return new Response(body === "" ? null : body, { status, headers });
  };
}

/** Reads a body; undefined where it is longer than the limit. */
async function payloadOf(request: Request, bytesMax: number): Promise<Uint8Array | undefined> {
  if (request.bodyUsed) {
    throw new Error(
      "the body of the request must not be read before @posthorn/receiver sees it: " +
        "what is verified are its exact bytes; give it the request first",
    );
  }
  if (Number(request.headers.get("content-length")) > bytesMax) {
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length > bytesMax) {
      await reader?.cancel();
      return undefined;
    }
  }
  return joinedBytes(chunks);
}
