/** Receivers that close or reset the connection at some stage. */
import { afterRequest, closesAfter, resetsAfter } from "./behaviour.ts";
import { type HostileReceiver, rows } from "./hostile-receiver.ts";

const RESET = "unreachable connection_reset";
const CLOSED = "unreachable connection_closed";
const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = "transfer-encoding: chunked\r\n\r\n";

// A reset throws away what was not read yet, so which of the two it is depends on who is faster.
const RESET_OR_BROKEN = /^(unreachable connection_reset|status 200 broken)$/;

export const HANGING_UP: readonly HostileReceiver[] = [
  {
    does: "resets within the request",
    behave: (socket) => socket.once("data", () => socket.resetAndDestroy()),
    comesTo: RESET,
    payloadBytes: 4_000_000,
  },
  ...rows(
    ["resets as it accepts", (socket) => socket.resetAndDestroy(), /^unreachable connection_(reset|closed)$/],
    ["resets after the request", afterRequest((socket) => socket.resetAndDestroy()), RESET],
    ["resets within its headers", resetsAfter(`${HEAD}x: `), RESET],
    ["resets within its body", resetsAfter(`${HEAD}content-length: 9\r\n\r\nok`), RESET_OR_BROKEN],
    ["closes as it accepts", (socket) => socket.end(), /^unreachable connection_(reset|closed)$/],
    ["closes after the request", closesAfter(""), CLOSED],
    ["closes within its status line", closesAfter("HTTP/1.1 20"), CLOSED],
    ["closes within its headers", closesAfter(`${HEAD}x: `), CLOSED],
    ["closes after an informational answer", closesAfter("HTTP/1.1 103 Early Hints\r\n\r\n"), CLOSED],
    ["closes before its body", closesAfter(`${HEAD}content-length: 9\r\n\r\n`), "status 200 broken"],
    ["closes within its body", closesAfter(`${HEAD}content-length: 9\r\n\r\nok`), "status 200 broken"],
    ["closes within a chunk", closesAfter(`HTTP/1.1 500 No\r\n${CHUNKED}5\r\nab`), "status 500 broken"],
    ["closes before its last chunk", closesAfter(`${HEAD}${CHUNKED}2\r\nok\r\n`), "status 200 broken"],
    ["ends its body by closing", closesAfter("HTTP/1.0 200 OK\r\n\r\nok"), "status 200 whole"],
  ),
];
