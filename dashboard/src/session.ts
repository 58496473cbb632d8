import { createClient } from "@posthorn/client/client";
import type { Session } from "@posthorn/client/operations";
import { basePath, isPortal, serverUrl } from "./place.ts";
import { applyLook } from "./portal-look.ts";
import { noteServerTime } from "./server-clock.ts";
import { memberText } from "./text/json-text.ts";

/**
 * The server's API, asked with the session of this browser. The header says that a page of the server asks:
 * no other site's page can send it.
 */
export const api = apiThat({});

interface Texts {
  /** Looks at an answer before it is parsed. */
  readonly look?: (answer: Response) => Promise<void>;
  /** Sent in place of the body. */
  readonly bodyText?: string;
}

/** The same, with the texts of its calls in hand. */
function apiThat({ look, bodyText }: Texts) {
  return createClient({
    url: serverUrl,
    retries: 1,
    fetch: async (input, given) => {
      const headers = new Headers(given?.headers);
      headers.set("posthorn-session", isPortal ? "portal" : "1");
      const body = bodyText ?? given?.body ?? null;
      const answer = await fetch(input, { ...given, body, headers, credentials: "same-origin" });
      noteServerTime(answer.headers.get("date"));
      await look?.(answer);
      return answer;
    },
  });
}

/** The same, for the live stream: says when it begins and when it ends. */
export function apiThatTells(told: { readonly begins: () => void; readonly is: () => void }) {
  return createClient({
    url: serverUrl,
    retries: 1,
    fetch: async (input, given) => {
      told.begins();
      const headers = new Headers(given?.headers);
      headers.set("posthorn-session", isPortal ? "portal" : "1");
      const answer = await fetch(input, { ...given, headers, credentials: "same-origin" });
      if (!answer.ok || answer.body === null) {
        return answer;
      }
      told.is();
      const ending = new TransformStream<Uint8Array, Uint8Array>({ flush: told.begins });
      return new Response(answer.body.pipeThrough(ending), answer);
    },
  });
}

/** Reads an event, and its data as it was sent: digits of large numbers survive no parser. */
export async function readEvent(tenant: string, id: string) {
  let text = "";
  const reading = apiThat({
    look: async (answer) => {
      text = await answer.clone().text();
    },
  });
  const event = await reading.getEvent(tenant, id);
  return { event, dataText: event.is_erased || event.is_withheld ? undefined : memberText(text, "data") };
}

/** Sends an event that is written already. However often it is sent under one key, it counts as the same. */
export async function sendEventText(tenant: string, bodyText: string, idempotencyKey: string) {
  return await apiThat({ bodyText }).sendEvent(tenant, { type: "", data: null }, { idempotencyKey });
}

/** Asks how a sample of an event would be said, which is written already. */
export async function renderSampleText(tenant: string, bodyText: string) {
  return await apiThat({ bodyText }).renderSample(tenant, { type: "" });
}

/** Finds out who is signed in; signs in by the link that led here, once. Rejects where nobody is. */
export async function readSession(): Promise<Session> {
  const link = takeLink();
  if (link === undefined) {
    return await api.getSession();
  }
  try {
    return await api.signIn(isPortal ? { portal_link: link, is_embedded: window.top !== window } : { link });
  } catch (error) {
    // A link that was used leads on whoever it has signed in.
    return await api.getSession().catch(() => {
      throw error;
    });
  }
}

/** Takes the link out of the address, so that it is in no history. */
function takeLink(): string | undefined {
  const asked = new URLSearchParams(location.hash.slice(1));
  const link = asked.get("link") ?? undefined;
  if (link !== undefined) {
    history.replaceState(null, "", `${basePath}/`);
  }
  if (isPortal) {
    applyLook(link === undefined ? undefined : asked);
  }
  return link;
}
