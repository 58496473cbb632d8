import type { FastifyReply, FastifyRequest } from "fastify";
import type { KeptFile } from "../kept-file.ts";

/** Answers with a file, zipped where that is taken, or with 304 to whoever has it. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: KeptFile): FastifyReply {
  const takesGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const etag = takesGzip ? file.etagGzipped : file.etag;
  reply.headers({ etag, vary: "accept-encoding" });
  if (request.headers["if-none-match"] === etag) {
    return reply.code(304).send();
  }
  reply.header("content-type", file.contentType);
  return takesGzip ? reply.header("content-encoding", "gzip").send(file.gzipped) : reply.send(file.bytes);
}
