import type { Change, Flusher } from "./flusher.ts";

/** Writes a change. Resolves when it is durable and has taken effect; rejects where it never will be. */
export function flushed(flusher: Pick<Flusher, "add">, change: Change): Promise<void> {
  return new Promise((resolve, reject) => {
    flusher.add({
      ...change,
      applied() {
        change.applied();
        resolve();
      },
      failed(error) {
        change.failed?.(error);
        reject(error);
      },
    });
  });
}
