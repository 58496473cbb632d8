import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "./session.ts";

/** However much happens, what is shown is read anew no oftener than this. */
const EVERY_MS = 700;

/**
 * Reads anew what is shown whenever something of the tenant happens. What the stream leaves out does no
 * harm: it only says that there is something to read. Without it every list is read again now and then.
 */
export function useLive(tenant: string | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (tenant === undefined) {
      return undefined;
    }
    const leaving = new AbortController();
    void watch(queries, tenant, leaving.signal);
    return () => leaving.abort();
  }, [queries, tenant]);
}

async function watch(queries: QueryClient, tenant: string, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const readAnew = () => {
    timer = undefined;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === tenant });
  };
  try {
    for await (const { kind } of api.watch(tenant, {}, { signal })) {
      if (kind !== "started") {
        timer ??= setTimeout(readAnew, EVERY_MS);
      }
    }
  } catch {
    // Gone from the screen, or refused: the lists go on by themselves.
  } finally {
    clearTimeout(timer);
  }
}
