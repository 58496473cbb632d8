/** A request that somebody received, as it is pasted: its headers a line each, and its body. */

export type PastedHeaders = Readonly<Record<string, string>>;

/** Reads headers, a line each, as logs, curl and browsers show them. What is no header is passed over. */
export function headersIn(text: string): PastedHeaders {
  const headers = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      const key = name.toLowerCase();
      const before = headers.get(key);
      headers.set(key, before === undefined ? value : `${before}, ${value}`);
    }
  }
  return Object.fromEntries(headers);
}

// With what curl writes before a header, and the quotes of JSON and of shells around it.
const HEADER_LINE = /^\s*(?:[<>]\s*|-H\s+)?["']?([A-Za-z0-9-]+)["']?\s*[:=]\s*["']?(.*?)["']?,?\s*$/;

export interface BodyVariant {
  /** What was done to the pasted body: completes "it is right if …". */
  readonly said: string;
  readonly body: string;
}

/** What programs do to a body without anybody wanting it, undone in turn. */
export function bodyVariants(body: string): readonly BodyVariant[] {
  const json = jsonIn(body);
  const candidates = [
    { said: "white space at the ends of the body is left out", body: body.trim() },
    { said: "the body ends with a line break", body: `${body}\n` },
    { said: "the line breaks of the body are CR LF", body: body.replaceAll(/\r?\n/g, "\r\n") },
    { said: "the white space within its JSON is left out", body: json && compact(body) },
    { said: "its JSON is printed as JavaScript prints it", body: json && JSON.stringify(json.value) },
    { said: "its JSON has a space after each colon and comma", body: json && spaced(body) },
    { said: "its JSON is indented by two spaces", body: json && JSON.stringify(json.value, undefined, 2) },
    { said: "its JSON is indented by four spaces", body: json && JSON.stringify(json.value, undefined, 4) },
  ];
  return candidates.flatMap(({ said, body: other }) =>
    other === undefined || other === body ? [] : [{ said, body: other }],
  );
}

/** Text, not values: printed anew, 1.0 would be 1, and no signature be right. */
function compact(json: string): string {
  return json.replaceAll(STRING_OR_SPACE, "$1");
}

/** As Python prints JSON. */
function spaced(json: string): string {
  return compact(json).replaceAll(STRING_OR_MARK, (found) => (found.length === 1 ? `${found} ` : found));
}

const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g;
const STRING_OR_MARK = /"(?:[^"\\]|\\.)*"|[,:]/g;

function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
