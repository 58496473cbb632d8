/** Receivers that answer with every kind of status, and some that are none. */
import { answers } from "./behaviour.ts";
import type { HostileReceiver } from "./hostile-receiver.ts";

const ANSWERS = [
  ...[200, 201, 202, 203, 204, 205, 206, 226, 299],
  ...[300, 301, 302, 303, 304, 305, 307, 308, 399],
  ...[400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 425, 426, 429, 431, 451, 499],
  ...[500, 501, 502, 503, 504, 507, 520, 521, 522, 523, 524, 525, 526, 527, 599],
];

const NO_ANSWERS: readonly (readonly [line: string, comesTo: string])[] = [
  ["000 Zero", "bad_response response_malformed"],
  ["99 Low", "bad_response response_malformed"],
  ["600 High", "bad_response response_status_invalid"],
  ["999 Go away", "bad_response response_status_invalid"],
  ["100 Continue", "bad_response response_malformed"],
  ["101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade", "bad_response response_malformed"],
];

export const STATUSES: readonly HostileReceiver[] = [
  ...ANSWERS.map((status) => ({
    does: `answers ${status}`,
    behave: answers(`HTTP/1.1 ${status} So\r\ncontent-length: 0\r\n\r\n`),
    comesTo: `status ${status} whole`,
  })),
  ...NO_ANSWERS.map(([line, comesTo]) => ({
    does: `answers ${line.slice(0, 3).trim()}, which is no answer`,
    behave: answers(`HTTP/1.1 ${line}\r\n\r\n`),
    comesTo,
  })),
];
