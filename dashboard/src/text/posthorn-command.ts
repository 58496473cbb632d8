import { type ApiCall, quoted } from "./curl.ts";
import { laidOut, memberText } from "./json-text.ts";

type Words = readonly string[];

/** Says a call of the API as a command, whose key stays in a variable. Undefined: there is none for it. */
export function posthornText(serverUrl: string, call: ApiCall): string | undefined {
  const [, tenant, below = ""] = /^\/v1\/tenants\/([^/]+)(\/.+)$/.exec(call.path) ?? [];
  const words =
    tenant === undefined
      ? wordsIn(OF_ALL, call.path, call)
      : wordsIn(OF_TENANT, below, call)?.concat(`--tenant=${tenant}`);
  return words && `posthorn ${[...words, `--url=${serverUrl}`].map(shellWord).join(" ")}`;
}

function wordsIn(commands: Commands, path: string, call: ApiCall): Words | undefined {
  for (const [pattern, wordsOf] of commands) {
    const found = pattern.exec(`${call.method} ${path}`);
    const words = found === null ? undefined : wordsOf(decodeURIComponent(found[1] ?? ""), call);
    if (words !== undefined) {
      return words;
    }
  }
  return undefined;
}

type Commands = readonly (readonly [RegExp, (id: string, call: ApiCall) => Words | undefined])[];

const OF_ALL: Commands = [[/^POST \/v1\/tenants$/, (_, { body }) => tenantWords(membersOf(body))]];

const OF_TENANT: Commands = [
  [/^GET \/events\/([^/?]+)$/, (id) => ["events", "get", id]],
  [/^GET \/attempts\/([^/?]+)$/, (id) => ["attempts", "get", id]],
  [/^GET \/deliveries\?state=(\w+)$/, (state) => ["deliveries", "list", "--state", state]],
  [/^POST \/events$/, (_, { bodyText }) => (bodyText === undefined ? undefined : triggerWords(bodyText))],
  [/^POST \/endpoints$/, (_, { body }) => endpointWords(membersOf(body))],
  [
    /^PATCH \/endpoints\/([^/]+)$/,
    (id, { body }) => ["endpoints", "update", id, ...dataWords(membersOf(body))],
  ],
  [/^DELETE \/endpoints\/([^/]+)$/, (id) => ["endpoints", "delete", id]],
  [/^POST \/endpoints\/([^/]+)\/enable$/, (id) => ["endpoints", "enable", id]],
  [/^POST \/endpoints\/([^/]+)\/disable$/, (id) => ["endpoints", "disable", id]],
  [/^POST \/endpoints\/([^/]+)\/pause$/, (id) => ["endpoints", "pause", id]],
  [/^POST \/endpoints\/([^/]+)\/resume$/, (id) => ["endpoints", "resume", id]],
  [/^POST \/endpoints\/([^/]+)\/skip$/, (id) => ["endpoints", "skip", id]],
  [/^POST \/endpoints\/([^/]+)\/rotate-secret$/, (id) => ["endpoints", "rotate-secret", id]],
  [/^POST \/endpoints\/([^/]+)\/recover$/, (id) => ["recover", id]],
  [/^POST \/replays$/, (_, { body }) => replayWords(membersOf(body))],
  [/^POST \/keys$/, (_, { body }) => keyWords(membersOf(body))],
  [/^DELETE \/keys\/([^/]+)$/, (id) => ["keys", "revoke", id]],
];

function membersOf(body: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof body === "object" && body !== null ? Object.entries(body) : []);
}

function tenantWords(body: ReadonlyMap<string, unknown>): Words | undefined {
  const { id, name } = Object.fromEntries(body);
  if (typeof name !== "string" || (typeof id === "string" && isLikeOption(id))) {
    return undefined;
  }
  return ["tenants", "create", ...(typeof id === "string" ? [id] : []), `--name=${name}`];
}

/** What has an option of its own, and is nothing that a shell's history should not keep, is said so. */
function endpointWords(body: ReadonlyMap<string, unknown>): Words | undefined {
  const { url, event_types: types, contract, description, ...others } = Object.fromEntries(body);
  if (body.has("secret") || typeof url !== "string" || isLikeOption(url)) {
    return undefined;
  }
  return [
    ...["endpoints", "create", url],
    ...(Array.isArray(types) ? [`--types=${types.join(",")}`] : []),
    ...(typeof contract === "string" ? [`--contract=${contract}`] : []),
    ...(typeof description === "string" ? [`--description=${description}`] : []),
    ...(Object.keys(others).length === 0 ? [] : dataWords(new Map(Object.entries(others)))),
  ];
}

function dataWords(body: ReadonlyMap<string, unknown>): Words {
  return ["-d", JSON.stringify(Object.fromEntries(body))];
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
