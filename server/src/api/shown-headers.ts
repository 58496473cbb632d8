/** What is shown of a request's headers: those that a list allows, as one that denies misses something. */

type Headers = Readonly<Record<string, string>>;

/**
 * In lower case. None of them proves who sends, whatever the contract, nor is made of a secret: what is made
 * of one that is nobody's is not what was sent.
 */
const SHOWN: ReadonlySet<string> = new Set([
  "accept",
  "accepts",
  "content-type",
  "user-agent",
  "webhook-id",
  "webhook-request-origin",
  "webhook-timestamp",
  "x-bh-urgency",
  "x-request-id",
  "x-signature-alg",
  "x-signature-timestamp",
]);

/** The attributes of a CloudEvent in binary mode. */
const SHOWN_PREFIX = "ce-";

export interface ShownHeader {
  readonly name: string;
  /** Null: it is, or may be, a credential. */
  readonly value: string | null;
}

/**
 * Shows the headers of a request: of the contract's the values of those on the list, of the endpoint's own
 * none, since they are where its receiver's keys are put.
 */
export function shownHeaders(own: Headers, ofContract: Headers): readonly ShownHeader[] {
  const taken = new Set(Object.keys(ofContract).map((name) => name.toLowerCase()));
  return [
    ...Object.entries(ofContract).map(([name, value]) => ({ name, value: isShown(name) ? value : null })),
    ...Object.keys(own)
      .filter((name) => !taken.has(name.toLowerCase()))
      .map((name) => ({ name, value: null })),
  ];
}

function isShown(name: string): boolean {
  const lower = name.toLowerCase();
  return SHOWN.has(lower) || lower.startsWith(SHOWN_PREFIX);
}

/** Stands where a part of a URL may be a credential. */
const NOT_SHOWN = "not-shown";

/** Shows a URL without what may be a credential in it: user, password, and the values of its query. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${NOT_SHOWN}`);
  const user = url.username === "" && url.password === "" ? "" : `${NOT_SHOWN}@`;
  const asked = query.length === 0 ? "" : `?${query.join("&")}`;
  return `${url.protocol}//${user}${url.host}${url.pathname}${asked}`;
}
