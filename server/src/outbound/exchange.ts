/** One attempt on its way: undici reports to it, and it becomes one answer. */
import type { Dispatcher } from "undici";
import { AnswerBody } from "./answer-body.ts";
import { type Failure, failure, failureOf, type Stage, timeoutAt } from "./error-codes.ts";
import type { Phases, Sent } from "./sender.ts";

/**
 * Of everything that one attempt reads: informational answers, headers, body and the framing of its chunks.
 * What comes in chunks of eight bytes or more fills ANSWER_BYTES_MAX first.
 */
export const ANSWER_WIRE_BYTES_MAX = 131_072;
/** Of names and values of headers; and of all that comes before an answer's headers are there. */
const ANSWER_HEADERS_BYTES_MAX = 16_384;
export const ANSWER_HEADERS_MAX = 64;
export const ANSWER_HEADER_LENGTH_MAX = 1_024;

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

export interface ExchangeOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly startedAt: number;
  /** How far the connection has come, while the request is not on it. */
  readonly stage: () => Stage;
  /** What its connection has read so far, of this attempt and of those before. */
  readonly bytesRead: () => number;
  /** Called once. `isReusable`: the answer was read to its end. */
  readonly onEnd: (sent: Sent, isReusable: boolean) => void;
}

// A class: one object with shared methods for each attempt, where closures would be seven.
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  #isOver = false;
  #connectedMs: number | undefined;
  #headersMs: number | undefined;
  #status = 0;
  #isInformed = false;
  #headers: Readonly<Record<string, string>> = {};
  readonly #body = new AnswerBody();
  #bytesBefore = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Of this attempt's answer so far, with everything around it. */
  get bytesRead(): number {
    return this.#connectedMs === undefined ? 0 : this.#options.bytesRead() - this.#bytesBefore;
  }

  /** Ends the attempt from outside, with what came so far if that is a status. */
  cut(found: Failure): void {
    this.#end(this.#status === 0 ? found : this.#statusAnswer("broken"), false);
  }

  /** Ends the attempt because its time is up. */
  expire(): void {
    this.cut(timeoutAt(this.#stage()));
  }

  /**
   * Looks at what came over the wire, of which the last `unparsedBytes` are not parsed yet: the parser shows
   * neither informational answers nor framing, and headers only when they are whole.
   */
  onBytesRead(unparsedBytes: number): void {
    if (this.#status > 0) {
      if (this.bytesRead > ANSWER_WIRE_BYTES_MAX) {
        this.#end(this.#statusAnswer("capped"), false);
      }
    } else if (this.bytesRead - unparsedBytes > ANSWER_HEADERS_BYTES_MAX) {
      this.#end(failure(this.#isInformed ? "response_endless" : "response_headers_too_large"), false);
    }
  }

  onRequestStart(): void {
    this.#connectedMs = this.#elapsedMs();
    this.#bytesBefore = this.#options.bytesRead();
  }

  onResponseStart(_controller: unknown, status: number, headers: AnswerHeaders): void {
    // Informational answers change nothing; the deadline goes on.
    if (status < 200) {
      this.#isInformed = true;
      return;
    }
    this.#headersMs = this.#elapsedMs();
    if (status > 599) {
      this.#end(failure("response_status_invalid"), false);
      return;
    }
    if (bytesOf(headers) > ANSWER_HEADERS_BYTES_MAX) {
      this.#end(failure("response_headers_too_large"), false);
      return;
    }
    this.#status = status;
    this.#headers = cappedHeaders(headers);
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (!this.#isOver && !this.#body.append(chunk)) {
      this.#end(this.#statusAnswer("capped"), false);
    }
  }

  onResponseEnd(): void {
    this.#end(this.#statusAnswer("whole"), true);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (!this.#isOver) {
      this.cut(failureOf(error, this.#stage()));
    }
  }

  #stage(): Stage {
    return this.#connectedMs === undefined ? this.#options.stage() : "answering";
  }

  #elapsedMs(): number {
    return this.#options.now() - this.#options.startedAt;
  }

  #statusAnswer(bodyState: "whole" | "capped" | "broken"): Sent["answer"] {
    const body = this.#body.bytes();
    return { kind: "status", status: this.#status, headers: this.#headers, body, bodyState };
  }

  #end(answer: Sent["answer"], isReusable: boolean): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    const phases: Phases = {
      ...(this.#connectedMs === undefined ? {} : { connectedMs: this.#connectedMs }),
      ...(this.#headersMs === undefined ? {} : { headersMs: this.#headersMs }),
      endMs: this.#elapsedMs(),
    };
    this.#options.onEnd({ answer, phases }, isReusable);
  }
}

function bytesOf(headers: AnswerHeaders): number {
  let bytes = 0;
  for (const name in headers) {
    const value = headers[name];
    const values = typeof value === "string" ? [value] : (value ?? []);
    bytes += values.reduce((sum, text) => sum + name.length + text.length, 0);
  }
  return bytes;
}

// Nearly every answer is within the limits, and its headers stay the object that undici made.
function cappedHeaders(headers: AnswerHeaders): Readonly<Record<string, string>> {
  return isWithinLimits(headers) ? headers : Object.fromEntries(cappedEntries(headers));
}

function isWithinLimits(headers: AnswerHeaders): headers is Record<string, string> {
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    count++;
    if (typeof value !== "string" || value.length > ANSWER_HEADER_LENGTH_MAX || count > ANSWER_HEADERS_MAX) {
      return false;
    }
  }
  return true;
}

function cappedEntries(headers: AnswerHeaders): [string, string][] {
  const entries = Object.entries(headers).slice(0, ANSWER_HEADERS_MAX);
  return entries.map(([name, value = ""]) => {
    const text = typeof value === "string" ? value : value.join(", ");
    return [name, text.slice(0, ANSWER_HEADER_LENGTH_MAX)];
  });
}
