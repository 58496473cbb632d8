import { createClient } from "@posthorn/client/client";
import type { Session } from "@posthorn/client/operations";
import { basePath, serverUrl } from "./place.ts";
import { memberText } from "./text/json-text.ts";

/**
 * The server's API, asked with the session of this browser. The header says that a page of the server asks:
 * no other site's page can send it.
 */
export const api = apiThat(async () => undefined);

/** Also lets its text be looked at that an answer has before it is parsed. */
function apiThat(look: (answer: Response) => Promise<void>) {
  return createClient({
    url: serverUrl,
    retries: 1,
    fetch: async (input, given) => {
      const headers = new Headers(given?.headers);
      headers.set("posthorn-session", "1");
      const answer = await fetch(input, { ...given, headers, credentials: "same-origin" });
      await look(answer);
      return answer;
    },
  });
}

/** Reads an event, and its data as it was sent: digits of large numbers survive no parser. */
export async function readEvent(tenant: string, id: string) {
  let text = "";
  const reading = apiThat(async (answer) => {
    text = await answer.clone().text();
  });
  const event = await reading.getEvent(tenant, id);
  return { event, dataText: event.is_erased ? undefined : memberText(text, "data") };
}

/** Finds out who is signed in; signs in by the link that led here, once. Rejects where nobody is. */
export async function readSession(): Promise<Session> {
  const link = takeLink();
  return link === undefined ? await api.getSession() : await api.signIn({ link });
}

/** Takes the link out of the address, so that it is in no history. */
function takeLink(): string | undefined {
  const link = /^#link=(.+)$/.exec(location.hash)?.[1];
  if (link !== undefined) {
    history.replaceState(null, "", `${basePath}/`);
  }
  return link;
}
