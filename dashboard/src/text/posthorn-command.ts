import { type ApiCall, quoted } from "./curl.ts";
import { laidOut, memberText } from "./json-text.ts";

type Words = readonly string[];

/** Says a call of the API as a command, whose key stays in a variable. Undefined: there is none for it. */
export function posthornText(serverUrl: string, call: ApiCall): string | undefined {
  const [, tenant, below = ""] = /^\/v1\/tenants\/([^/]+)(\/.+)$/.exec(call.path) ?? [];
  if (tenant === undefined) {
    return undefined;
  }
  const asked = `${call.method} ${below}`;
  for (const [pattern, wordsOf] of COMMANDS) {
    const found = pattern.exec(asked);
    const words = found === null ? undefined : wordsOf(decodeURIComponent(found[1] ?? ""), call);
    if (words !== undefined) {
      return `posthorn ${[...words, `--tenant=${tenant}`, `--url=${serverUrl}`].map(shellWord).join(" ")}`;
    }
  }
  return undefined;
}

const COMMANDS: readonly (readonly [RegExp, (id: string, call: ApiCall) => Words | undefined])[] = [
  [/^GET \/events\/([^/?]+)$/, (id) => ["events", "get", id]],
  [/^GET \/attempts\/([^/?]+)$/, (id) => ["attempts", "get", id]],
  [/^GET \/deliveries\?state=(\w+)$/, (state) => ["deliveries", "list", "--state", state]],
  [/^POST \/events$/, (_, { bodyText }) => (bodyText === undefined ? undefined : triggerWords(bodyText))],
  [/^POST \/endpoints\/([^/]+)\/pause$/, (id) => ["endpoints", "pause", id]],
  [/^POST \/endpoints\/([^/]+)\/resume$/, (id) => ["endpoints", "resume", id]],
  [/^POST \/endpoints\/([^/]+)\/skip$/, (id) => ["endpoints", "skip", id]],
  [/^POST \/endpoints\/([^/]+)\/recover$/, (id) => ["recover", id]],
  [/^POST \/replays$/, (_, { body }) => replayWords(membersOf(body))],
  [/^POST \/keys$/, (_, { body }) => keyWords(membersOf(body))],
  [/^DELETE \/keys\/([^/]+)$/, (id) => ["keys", "revoke", id]],
];

function membersOf(body: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof body === "object" && body !== null ? Object.entries(body) : []);
}

function triggerWords(bodyText: string): Words | undefined {
  const data = memberText(bodyText, "data");
  const [type, subject] = [textIn(bodyText, "type"), textIn(bodyText, "subject")];
  // The command reads the data as JSON, and would round what a script rounds.
  if (data === undefined || type === undefined || !isKept(data) || [type, data].some(isLikeOption)) {
    return undefined;
  }
  return ["trigger", type, "-d", data, ...(subject === undefined ? [] : [`--subject=${subject}`])];
}

function textIn(bodyText: string, name: string): string | undefined {
  const literal = memberText(bodyText, name);
  const value: unknown = literal === undefined ? undefined : JSON.parse(literal);
  return typeof value === "string" ? value : undefined;
}

/** An option begins so, whatever its quotes are. */
function isLikeOption(word: string): boolean {
  return word.startsWith("-");
}

function isKept(data: string): boolean {
  const printed = JSON.stringify(JSON.parse(data), undefined, 2);
  const wordsOf = (text: string) => laidOut(text).filter(({ kind }) => kind !== "space");
  return JSON.stringify(wordsOf(printed)) === JSON.stringify(wordsOf(data));
}

const REPLAYED: readonly string[] = ["since", "until", "only", "rate"];

function replayWords(body: ReadonlyMap<string, unknown>): Words | undefined {
  const others = [...body].filter(([name]) => name !== "endpoint");
  return others.every(([name]) => REPLAYED.includes(name))
    ? [
        "replay",
        String(body.get("endpoint")),
        ...others.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ]
    : undefined;
}

function keyWords(body: ReadonlyMap<string, unknown>): Words | undefined {
  const name = String(body.get("name"));
  const role = body.get("role");
  return body.size === 2 && typeof role === "string" && !isLikeOption(name)
    ? ["keys", "create", name, "--role", role]
    : undefined;
}

/** What means nothing to a shell needs no quotes. */
function shellWord(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : quoted(word);
}
