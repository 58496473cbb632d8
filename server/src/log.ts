import { type DestinationStream, pino } from "pino";
import { describeFault } from "./described-fault.ts";
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
