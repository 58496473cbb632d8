import { joinedHeaders, type NodeHeaders } from "./node-headers.ts";
import type { Method, Receiver } from "./receiver.ts";

/** The part of Fastify's request that is needed. */
export interface FastifyRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeHeaders;
  readonly body: unknown;
}

/** The part of Fastify's reply that is needed. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
}

/** The part of Fastify's instance that is needed. */
export interface FastifyScope {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: "buffer"; readonly bodyLimit: number },
    parser: (request: unknown, body: unknown, done: (error: null, body: unknown) => void) => void,
  ): unknown;
  route(options: {
    readonly method: Method[];
    readonly url: string;
    readonly bodyLimit: number;
    readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<string>;
  }): unknown;
}

/**
 * Makes a plugin for Fastify that receives at a path.
 *
 * Within the plugin bodies are bytes, whatever their type; routes outside it keep their parsers.
 *
 * @example
 * ```ts
 * app.register(fastifyReceiver(receiver, "/hooks"));
 * ```
 */
export function fastifyReceiver(receiver: Receiver, path: string): (scope: FastifyScope) => Promise<void> {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    const bodyLimit = receiver.bodyBytesMax;
    const options = { parseAs: "buffer", bodyLimit } as const;
    scope.addContentTypeParser("*", options, (_request, body, done) => done(null, body));
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const { method, url, body } = request;
      const payload = body instanceof Uint8Array ? body : new Uint8Array();
      const headers = joinedHeaders(request.headers);
      const answer = await receiver.receive({ method, url, headers, payload });
      reply.code(answer.status);
      reply.headers(answer.headers);
      return answer.body;
    };
    scope.route({ method: [...receiver.methods], url: path, bodyLimit, handler });
  };
}
