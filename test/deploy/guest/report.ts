import { appendFileSync } from "node:fs";

/** What one trial came to. */
export interface Outcome {
  readonly name: string;
  /** Undefined: it holds. */
  readonly fault?: string | undefined;
  /** What was seen, where that is worth telling. */
  readonly seen?: string | undefined;
  readonly seconds: number;
}

/** Tries a thing, tells its outcome to those outside as a line of JSON, and returns whether it holds. */
export function createReport(path: string) {
  return async function attempt(name: string, run: () => Promise<string | void>): Promise<boolean> {
    const startedAt = performance.now();
    let fault: string | undefined;
    let seen: string | undefined;
    try {
      seen = (await run()) ?? undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    appendFileSync(path, `${JSON.stringify({ name, fault, seen, seconds } satisfies Outcome)}\n`);
    return fault === undefined;
  };
}

export type Attempt = ReturnType<typeof createReport>;
