/** Receivers that hang at some stage, or go on at one byte a time. */
import { afterRequest, answers, drips } from "./behaviour.ts";
import { type HostileReceiver, lasting } from "./hostile-receiver.ts";

const SILENT = "timed_out timeout_headers";
const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;

export const WASTING_TIME: readonly HostileReceiver[] = [
  {
    does: "leaves the request unread",
    behave: (socket) => socket.pause(),
    comesTo: SILENT,
    lasts: true,
    // More than the buffers of both ends take.
    payloadBytes: 16_000_000,
  },
  {
    does: "says nothing within the TLS handshake",
    behave: () => {},
    comesTo: "timed_out timeout_tls",
    lasts: true,
    scheme: "https",
  },
  ...lasting(
    ["says nothing", afterRequest(() => {}), SILENT],
    ["stops within its status line", answers("HTTP/1.1 20"), SILENT],
    ["stops within its headers", answers(`${HEAD}x: `), SILENT],
    ["stops before the end of its headers", answers(`${HEAD}x: y\r\n`), SILENT],
    ["stops before its body", answers(`${HEAD}content-length: 5\r\n\r\n`), "status 200 broken"],
    ["stops within its body", answers(`${HEAD}content-length: 5\r\n\r\nab`), "status 200 broken"],
    ["stops within a chunk", answers(`${CHUNKED}5\r\nab`), "status 200 broken"],
    ["stops before its last chunk", answers(`${CHUNKED}2\r\nok\r\n`), "status 200 broken"],
    ["stops within its trailers", answers(`${CHUNKED}0\r\nx: y\r\n`), "status 200 broken"],
    ["never ends a body without a length", answers(`${HEAD}\r\nok`), "status 200 broken"],
    ["names a length of 1 GB", answers(`${HEAD}content-length: 1000000000\r\n\r\nok`), "status 200 broken"],
    ["writes its status line byte by byte", drips("HTTP/1.1 200 O", "K"), SILENT],
    ["writes its headers byte by byte", drips(`${HEAD}x: `, "y"), SILENT],
    ["writes header after header", drips(HEAD, "x: y\r\n"), SILENT],
    [
      "writes its body byte by byte",
      drips("HTTP/1.1 503 Busy\r\ncontent-length: 50000\r\n\r\n", "x"),
      "status 503 broken",
    ],
    ["writes chunks of one byte", drips(CHUNKED, "1\r\nx\r\n"), "status 200 broken"],
    ["writes a chunk's extension byte by byte", drips(`${CHUNKED}1;`, "x"), "status 200 broken"],
    ["writes trailer after trailer", drips(`${CHUNKED}0\r\n`, "x: y\r\n"), "status 200 broken"],
    ["sends one 103 after another", drips("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), SILENT],
  ),
];
