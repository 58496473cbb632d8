import { fetchHandler } from "./fetch.ts";
import type { Receiver } from "./receiver.ts";

/** The part of Hono's context that is needed. */
export interface HonoContext {
  readonly req: { readonly raw: Request };
}

/**
 * Makes a handler for Hono. No middleware before it may read the body.
 *
 * @example
 * ```ts
 * app.post("/hooks", honoHandler(receiver));
 * ```
 */
export function honoHandler(receiver: Receiver): (context: HonoContext) => Promise<Response> {
  const handler = fetchHandler(receiver);
  return ({ req }) => handler(req.raw);
}
