import { createHash } from "node:crypto";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";

/** A file that is served from memory. */
export interface KeptFile {
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly contentType: string;
  /** Of the bytes; what is zipped has one of its own. */
  readonly etag: string;
  readonly etagGzipped: string;
}

export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** Makes what is served of a file from what stands in it. */
export function keptFile(name: string, bytes: Buffer): KeptFile {
  const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  return {
    bytes,
    gzipped: gzipSync(bytes),
    contentType: CONTENT_TYPES[extname(name)] ?? "application/octet-stream",
    etag: `"${digest}"`,
    etagGzipped: `"${digest}-gzip"`,
  };
}
