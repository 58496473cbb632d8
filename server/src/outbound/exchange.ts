/** One attempt on its way: undici reports to it, and it becomes one answer. */
import type { Answer } from "@posthorn/contracts/contract.ts";
import type { Dispatcher } from "undici";
import { type Failure, failure, failureOf, type Stage, timeoutAt } from "./error-codes.ts";
import type { Phases, Sent } from "./sender.ts";

export const ANSWER_BYTES_MAX = 65_536;
export const ANSWER_HEADERS_MAX = 64;
export const ANSWER_HEADER_LENGTH_MAX = 1_024;

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

export interface ExchangeOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly startedAt: number;
  /** How far the connection has come, while the request is not on it. */
  readonly stage: () => Stage;
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
  #headers: Readonly<Record<string, string>> = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Ends the attempt from outside, with what came so far if that is a status. */
  cut(found: Failure): void {
    this.#end(this.#status === 0 ? found : this.#statusAnswer("broken"), false);
  }

  /** Ends the attempt because its time is up. */
  expire(): void {
    this.cut(timeoutAt(this.#stage()));
  }

  onRequestStart(): void {
    this.#connectedMs = this.#elapsedMs();
  }

  onResponseStart(_controller: unknown, status: number, headers: AnswerHeaders): void {
    // Informational answers change nothing; the deadline goes on.
    if (status < 200) {
      return;
    }
    this.#headersMs = this.#elapsedMs();
    if (status > 599) {
      this.#end(failure("response_status_invalid"), false);
      return;
    }
    this.#status = status;
    this.#headers = cappedHeaders(headers);
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#isOver) {
      return;
    }
    const room = ANSWER_BYTES_MAX - this.#bytes;
    this.#bytes += chunk.length;
    if (chunk.length <= room) {
      this.#chunks.push(chunk);
      return;
    }
    this.#chunks.push(chunk.subarray(0, room));
    this.#end(this.#statusAnswer("capped"), false);
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

  #statusAnswer(bodyState: "whole" | "capped" | "broken"): Answer {
    const [first] = this.#chunks;
    const isOneChunk = first !== undefined && this.#chunks.length === 1;
    const body = isOneChunk ? first : Buffer.concat(this.#chunks);
    return { kind: "status", status: this.#status, headers: this.#headers, body, bodyState };
  }

  #end(answer: Answer, isReusable: boolean): void {
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
