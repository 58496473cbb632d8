/** Receivers that answer more than anybody reads, as fast as it is taken, or compressed. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { answers, floods } from "./behaviour.ts";
import { type HostileReceiver, rows } from "./hostile-receiver.ts";

const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const CAPPED = "status 200 capped";
const HEADERS_TOO_LARGE = "bad_response response_headers_too_large";

// Compressed a thousand times and more.
const INFLATED = Buffer.alloc(20_000_000);

const BOMBS: readonly (readonly [encoding: string, compress: (bytes: Buffer) => Buffer])[] = [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["deflate", deflateSync],
  ["gzip, gzip", (bytes) => gzipSync(gzipSync(bytes))],
];

function bomb([encoding, compress]: (typeof BOMBS)[number]): HostileReceiver {
  const body = compress(INFLATED);
  const head = `${HEAD}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return {
    does: `answers 20 MB as ${encoding}`,
    behave: answers(Buffer.concat([Buffer.from(head), body])),
    comesTo: "status 200 whole",
  };
}

export const WITHOUT_END: readonly HostileReceiver[] = [
  ...BOMBS.map(bomb),
  ...rows(
    ["floods a body until it closes", floods(`${HEAD}\r\n`, "x"), CAPPED],
    ["floods a body of 1 GB", floods(`${HEAD}content-length: 1000000000\r\n\r\n`, "x"), CAPPED],
    ["floods large chunks", floods(CHUNKED, `4000\r\n${"x".repeat(16_384)}\r\n`), CAPPED],
    ["floods chunks of one byte", floods(CHUNKED, "1\r\nx\r\n"), CAPPED],
    ["floods a chunk's extension", floods(`${CHUNKED}1;`, "x"), CAPPED],
    ["floods extensions of small chunks", floods(CHUNKED, `1;${"x".repeat(1_000)}\r\nx\r\n`), CAPPED],
    ["floods trailers", floods(`${CHUNKED}0\r\n`, "x: y\r\n"), CAPPED],
    ["floods one trailer", floods(`${CHUNKED}0\r\nx: `, "y"), CAPPED],
    ["floods one header", floods(`${HEAD}x: `, "y"), HEADERS_TOO_LARGE],
    ["floods headers", floods(HEAD, "x: y\r\n"), HEADERS_TOO_LARGE],
    ["floods its status line", floods("HTTP/1.1 200 O", "K"), HEADERS_TOO_LARGE],
    [
      "floods informational answers",
      floods("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
      "bad_response response_endless",
    ],
    ["floods empty lines", floods("", "\r\n"), HEADERS_TOO_LARGE],
  ),
];
