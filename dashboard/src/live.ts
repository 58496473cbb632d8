import type { LiveMessage } from "@posthorn/client/operations";
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { noteConnecting, noteLeftOut, setLiveState } from "./live-state.ts";
import { apiThatTells } from "./session.ts";

/** However much happens, what is shown is read anew no oftener than this. */
const EVERY_MS = 700;

type Listener = (message: LiveMessage) => void;

const listeners = new Set<Listener>();

/** Is told what the shell's stream says: one connection is enough for a page. Returns how to stop. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Reads anew what is shown whenever something of the tenant happens. What the stream leaves out does no
 * harm: it only says that there is something to read. Without it every list is read again now and then.
 */
export function useLive(tenant: string | undefined): void {
  const queries = useQueryClient();
  // All pages of a browser share its six connections to a server: one that nobody sees keeps none.
  const isSeen = useSyncExternalStore(subscribeToSight, () => document.visibilityState === "visible");
  useEffect(() => {
    if (tenant === undefined || !isSeen) {
      return undefined;
    }
    const leaving = new AbortController();
    void watch(queries, tenant, leaving.signal);
    return () => {
      leaving.abort();
      setLiveState({ connection: "off", leftOut: 0 });
    };
  }, [queries, tenant, isSeen]);
}

/** Whether a list has so many pages that whoever went there reads in peace, and it is not asked for anew. */
export function isLong(data: unknown): boolean {
  const pages = typeof data === "object" && data !== null && "pages" in data ? data.pages : undefined;
  return Array.isArray(pages) && pages.length > 1;
}

function subscribeToSight(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

const watching = apiThatTells({
  begins: noteConnecting,
  is: () => setLiveState({ connection: "live" }),
});

async function watch(queries: QueryClient, tenant: string, signal: AbortSignal): Promise<void> {
  let isBehind = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const readLater = () => {
    timer ??= setTimeout(() => void readAnew(), EVERY_MS);
  };
  // The next one begins when this has ended: a slow server is not asked faster than it answers.
  const readAnew = async () => {
    isBehind = false;
    await queries.invalidateQueries({ predicate: (query) => isToRead(query, tenant) });
    timer = undefined;
    if (isBehind && !signal.aborted) {
      readLater();
    }
  };
  try {
    for await (const message of watching.watch(tenant, {}, { signal })) {
      if (message.kind === "left_out") {
        noteLeftOut(message.count);
      }
      for (const listener of listeners) {
        listener(message);
      }
      if (message.kind !== "started" || message.has_missed) {
        isBehind = true;
        readLater();
      }
    }
  } catch {
    // Gone from the screen, or refused: the lists go on by themselves.
  } finally {
    clearTimeout(timer);
    if (!signal.aborted) {
      setLiveState({ connection: "off" });
    }
  }
}

/** What does not change, or was counted for somebody who decides on it, says so: it is not stale. */
function isToRead(query: Query, tenant: string): boolean {
  return query.queryKey[1] === tenant && query.isStale() && !isLong(query.state.data);
}
