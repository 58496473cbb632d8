import { type DestinationStream, pino } from "pino";
import { standardError } from "./standard-error.ts";

/** Flat on purpose: what has members of its own could hold a payload (invariant 12). */
export interface LogFields {
  readonly [name: string]: string | number | boolean | undefined | Fault;
}

/**
 * Something caught. Its class, code and frames are logged; its message, which may repeat what was read, is
 * not.
 */
interface Fault {
  readonly fault: unknown;
}

/**
 * Where the server says what it does. A message is a fixed sentence; what varies is a field in snake_case.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Takes a line of JSON at a time. Default: standard error. */
  readonly stream?: DestinationStream;
}

// Names under which nothing belongs into a log; a field that has one all the same is blanked.
const BLANKED = [
  "admin_key",
  "answer",
  "authorization",
  "body",
  "cookie",
  "data",
  "headers",
  "idempotency_key",
  "key",
  "master_key",
  "password",
  "payload",
  "query",
  "secret",
  "secrets",
  "subject",
  "token",
  "url",
];

/** Makes a log that writes a line of JSON for each message. */
export function createLog({ level, stream = standardError() }: LogOptions): Log {
  const writer = pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: BLANKED, censor: "[blanked]" },
    },
    stream,
  );
  const written = (fields: LogFields): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "object" ? describeFault(value.fault) : value,
      ]),
    );
  return {
    debug: (message, fields = {}) => {
      // Asked for on every request: nothing is built where nothing is written.
      if (writer.isLevelEnabled("debug")) {
        writer.debug(written(fields), message);
      }
    },
    info: (message, fields = {}) => writer.info(written(fields), message),
    warn: (message, fields = {}) => writer.warn(written(fields), message),
    error: (message, fields = {}) => writer.error(written(fields), message),
  };
}

// What others throw may carry anything as its code; what looks like one is no payload.
const CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

function describeFault(fault: unknown): unknown {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause === undefined ? describeOne(fault) : { ...describeOne(fault), cause: describeOne(cause) };
}

function describeOne(fault: unknown): object {
  if (!(fault instanceof Error)) {
    return { class: typeof fault };
  }
  const code =
    "code" in fault && typeof fault.code === "string" && CODE.test(fault.code) ? fault.code : undefined;
  return { class: fault.constructor.name, code, frames: framesOf(fault) };
}

function framesOf({ stack = "", message }: Error): readonly string[] {
  // The stack starts with the message, which may have lines that look like frames.
  const start = message === "" ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(start)
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .map((line) => line.slice("    at ".length));
}
