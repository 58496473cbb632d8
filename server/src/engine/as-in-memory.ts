import type { Flusher } from "./flusher.ts";

/**
 * Acts on what is stored while memory says the same: what took effect while it was read is read again. `act`
 * must do at once what depends on both.
 */
export async function asInMemory<Found, Result>(
  flusher: Pick<Flusher, "flushes">,
  { read, act }: { readonly read: () => Promise<Found>; readonly act: (found: Found) => Result },
): Promise<Awaited<Result>> {
  for (;;) {
    const { flushes } = flusher;
    const found = await read();
    if (flusher.flushes === flushes) {
      return await act(found);
    }
  }
}
