/** Receivers whose answers are not HTTP, or HTTP that lies about itself. */
import { answers, closesAfter } from "./behaviour.ts";
import { type HostileReceiver, rows } from "./hostile-receiver.ts";

const MALFORMED = "bad_response response_malformed";
const HEADERS_TOO_LARGE = "bad_response response_headers_too_large";
const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const LONG = "v".repeat(20_000);
const MANY = Array.from({ length: 10_000 }, (_, n) => `h${n}: 1\r\n`).join("");

/** An answer with these headers and a body that is there whole. */
function withHeaders(headers: string): string {
  return `${HEAD}${headers}content-length: 2\r\n\r\nok`;
}

const NOT_HTTP = rows(
  ["answers garbage", answers("hello, I am not HTTP\r\n\r\n"), MALFORMED],
  ["answers binary garbage", answers("\x00\x01\x02\xff\xfe"), MALFORMED],
  ["answers in another protocol", answers("SSH-2.0-OpenSSH_9.2\r\n"), MALFORMED],
  ["answers a TLS alert", answers("\x15\x03\x01\x00\x02\x02\x46"), MALFORMED],
  ["answers in HTTP/0.9", answers("<html>hi</html>"), MALFORMED],
  ["answers in HTTP/2", answers("HTTP/2 200\r\n\r\n"), MALFORMED],
  ["answers with a frame of HTTP/2", answers("\x00\x00\x12\x04\x00\x00\x00\x00\x00"), MALFORMED],
  ["answers in a version that is none", answers("HTTP/9.9 200 OK\r\n\r\n"), MALFORMED],
  ["answers in lower case", answers("http/1.1 200 ok\r\n\r\n"), MALFORMED],
  ["answers a status in letters", answers("HTTP/1.1 2OO OK\r\n\r\n"), MALFORMED],
  ["answers a status of four digits", answers("HTTP/1.1 2000 OK\r\n\r\n"), MALFORMED],
  ["answers with a request", answers("GET / HTTP/1.1\r\nhost: a\r\n\r\n"), MALFORMED],
);

const LENGTHS = rows(
  ["names two lengths", answers(`${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\nok`), MALFORMED],
  ["names one length twice", answers(`${HEAD}content-length: 2\r\ncontent-length: 2\r\n\r\nok`), MALFORMED],
  ["names a list of lengths", answers(`${HEAD}content-length: 2, 2\r\n\r\nok`), MALFORMED],
  ["names a negative length", answers(`${HEAD}content-length: -1\r\n\r\nok`), MALFORMED],
  ["names a length with a plus", answers(`${HEAD}content-length: +2\r\n\r\nok`), MALFORMED],
  ["names a length in hexadecimal", answers(`${HEAD}content-length: 0x2\r\n\r\nok`), MALFORMED],
  ["names a length beyond 64 bits", answers(`${HEAD}content-length: ${"9".repeat(30)}\r\n\r\nok`), MALFORMED],
  [
    "names both a length and chunks",
    answers(`${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    MALFORMED,
  ],
  ["names a length too short", answers(`${HEAD}content-length: 1\r\n\r\nok`), "status 200 whole"],
  [
    "names a length too long and closes",
    closesAfter(`${HEAD}content-length: 9\r\n\r\nok`),
    "status 200 broken",
  ],
  ["answers 204 with a body", answers("HTTP/1.1 204 No\r\ncontent-length: 2\r\n\r\nok"), "status 204 whole"],
  ["answers twice", answers(`${withHeaders("")}${withHeaders("")}`), "status 200 whole"],
);

const CHUNKS = rows(
  ["names a chunk's size in letters", answers(`${CHUNKED}zz\r\n`), "status 200 broken"],
  ["names a negative chunk", answers(`${CHUNKED}-1\r\nx\r\n`), "status 200 broken"],
  ["names a chunk beyond 64 bits", answers(`${CHUNKED}${"f".repeat(17)}\r\nx\r\n`), "status 200 broken"],
  ["ends a chunk with other bytes", answers(`${CHUNKED}2\r\nokay\r\n0\r\n\r\n`), "status 200 broken"],
  ["ends its lines with a line feed only", answers(`${CHUNKED}2\nok\n0\n\n`), "status 200 broken"],
  ["puts NUL into a chunk's extension", answers(`${CHUNKED}2;a=\0\r\nok\r\n0\r\n\r\n`), "status 200 broken"],
  ["sends trailers of 20 KB", answers(`${CHUNKED}0\r\nx: ${LONG}\r\n\r\n`), "status 200 whole"],
);

const HEADERS = rows(
  ["sends a header of 20 KB", answers(withHeaders(`x: ${LONG}\r\n`)), HEADERS_TOO_LARGE],
  ["sends a header with a name of 20 KB", answers(withHeaders(`${LONG}: x\r\n`)), HEADERS_TOO_LARGE],
  ["sends 10,000 headers", answers(withHeaders(MANY)), HEADERS_TOO_LARGE],
  ["puts NUL into a header", answers(withHeaders("x: a\0b\r\n")), MALFORMED],
  ["puts NUL into a header's name", answers(withHeaders("x\0: a\r\n")), MALFORMED],
  ["puts a carriage return into a header", answers(withHeaders("x: a\rb\r\n")), MALFORMED],
  ["sends a header without a colon", answers(withHeaders("x\r\n")), MALFORMED],
  ["sends a header without a name", answers(withHeaders(": x\r\n")), MALFORMED],
  ["puts a space before the colon", answers(withHeaders("x : y\r\n")), MALFORMED],
  ["folds a header over two lines", answers(withHeaders("x: a\r\n b\r\n")), MALFORMED],
  ["puts letters of Latin-1 into a header", answers(withHeaders("x: caf\xe9\r\n")), "status 200 whole"],
  ["sends a header called __proto__", answers(withHeaders("__proto__: x\r\n")), "status 200 whole"],
);

export const BREAKING_HTTP: readonly HostileReceiver[] = [...NOT_HTTP, ...LENGTHS, ...CHUNKS, ...HEADERS];
