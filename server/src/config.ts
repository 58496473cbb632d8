/**
 * The server's configuration: `POSTHORN_…` in the environment, read once, all that is wrong with it said at
 * once.
 */
import { readFileSync } from "node:fs";
import { type DatabasePlace, parseDatabaseUrl } from "./database-url.ts";
import { type EgressProxy, parseEgressProxy } from "./egress-proxy.ts";
import { givenText } from "./given-text.ts";
import { AGED_KINDS, type AgedKind, RETENTION_DAYS_MAX, type Retention } from "./model/retention.ts";
import { KEY_RATE_PER_SECOND_MAX, SHARD_COUNT } from "./model/tenant.ts";
import { nearestOf } from "./nearest.ts";
import { parseNetwork } from "./network.ts";
import { MASTER_KEY_BYTES } from "./seal.ts";
import { defaultOf, type FileSettingName, NAMES, type SettingName } from "./settings.ts";

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly database: DatabasePlace;
  /** Undefined: none was set. */
  readonly adminKey: string | undefined;
  /** It may read the metrics and nothing else. Undefined: none was set. */
  readonly metricsKey: string | undefined;
  /** 32 bytes; undefined: none was set. */
  readonly masterKey: Uint8Array | undefined;
  /** Of 32 bytes each; they open what they sealed, until that is sealed anew. */
  readonly olderMasterKeys: readonly Uint8Array[];
  /** Requests that a key of a tenant without a rate of its own may make in a second; 0: any number. */
  readonly keyRatePerSecond: number;
  /** The contract of endpoints whose tenant names none. */
  readonly contract: string;
  /**
   * CIDRs that may be called although they are not public; undefined: not set, which an empty list is not.
   */
  readonly egressAllow: readonly string[] | undefined;
  /** Undefined: receivers are called directly. */
  readonly egressProxy: EgressProxy | undefined;
  /** How many days events are kept; 0: for ever. */
  readonly retentionDays: number;
  /** For how many days what is final is kept, where that is shorter. */
  readonly retention: Retention;
  /** Where browsers reach the server, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Origins whose pages may show the portal in a frame. */
  readonly portalOrigins: readonly string[];
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export type ConfigResult =
  | { readonly kind: "config"; readonly config: Config }
  /** A sentence for each variable that is wrong; none repeats a secret. */
  | { readonly kind: "problems"; readonly problems: readonly string[] };

export interface ConfigOptions {
  /** Names that `POSTHORN_CONTRACT` may have. */
  readonly contracts: readonly string[];
  /** Reads the file a `…_FILE` variable names. Default: from disk. */
  readonly readFile?: (path: string) => string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const BEARER_KEY_LENGTH_MIN = 32;
const HEADER_TEXT = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Reads the configuration, or says everything that is wrong with it. */
export function readConfig(env: Environment, options: ConfigOptions): ConfigResult {
  const problems = unknownNames(env);
  const secrets = secretReader(env, options.readFile ?? ((path) => readFileSync(path, "utf8")));
  // A reader throws a Wrong, so that each one states its rule once and the others still get their turn.
  const read = <Value>(reader: () => Value, instead: Value): Value => {
    try {
      return reader();
    } catch (error) {
      if (!(error instanceof Wrong)) {
        throw error;
      }
      problems.push(error.message);
      return instead;
    }
  };

  const text = (name: SettingName) => env[name] ?? defaultOf(name) ?? "";
  const retentionDays = read(() => retentionDaysOf(text("POSTHORN_RETENTION_DAYS")), 0);
  const daysOf = (name: AgedSetting) =>
    read(() => ifGiven(env[name], (days) => agedDaysOf(name, days, retentionDays)), undefined);
  const bearerKey = (name: BearerKeySetting) =>
    read(() => ifGiven(secrets(name), (key) => bearerKeyOf(name, key)), undefined);

  const config: Config = {
    port: read(() => portOf(text("POSTHORN_PORT")), 0),
    host: read(() => hostOf(text("POSTHORN_HOST")), ""),
    database: withShards(
      read(() => databaseOf(secrets("POSTHORN_DATABASE_URL") ?? text("POSTHORN_DATABASE_URL")), {
        kind: "sqlite",
        path: "",
      }),
      read(() => ifGiven(env.POSTHORN_SHARDS, shardsOf), undefined),
    ),
    adminKey: bearerKey("POSTHORN_ADMIN_KEY"),
    metricsKey: bearerKey("POSTHORN_METRICS_KEY"),
    masterKey: read(() => ifGiven(secrets("POSTHORN_MASTER_KEY"), masterKeyOf), undefined),
    olderMasterKeys: read(() => olderMasterKeysOf(secrets("POSTHORN_MASTER_KEY_OLD") ?? ""), []),
    keyRatePerSecond: read(() => keyRateOf(text("POSTHORN_KEY_RATE_PER_SECOND")), 0),
    contract: read(() => oneOf("POSTHORN_CONTRACT", text("POSTHORN_CONTRACT"), options.contracts), ""),
    egressAllow: read(() => ifGiven(env.POSTHORN_EGRESS_ALLOW, networksOf), undefined),
    egressProxy: read(() => ifGiven(secrets("POSTHORN_EGRESS_PROXY"), proxyOf), undefined),
    retentionDays,
    retention: withoutUndefined({
      payload: daysOf("POSTHORN_RETENTION_PAYLOAD_DAYS"),
      attempts: daysOf("POSTHORN_RETENTION_ATTEMPTS_DAYS"),
      dead_letters: daysOf("POSTHORN_RETENTION_DEAD_LETTERS_DAYS"),
    }),
    publicUrl: read(() => ifGiven(env.POSTHORN_PUBLIC_URL, publicUrlOf), undefined),
    portalOrigins: read(() => originsOf(env.POSTHORN_PORTAL_ORIGINS ?? ""), []),
    logLevel: read(() => oneOf("POSTHORN_LOG_LEVEL", text("POSTHORN_LOG_LEVEL"), LOG_LEVELS), "info"),
  };
  return problems.length === 0 ? { kind: "config", config } : { kind: "problems", problems };
}

class Wrong extends Error {}

/** Reads a setting that may be absent. */
function ifGiven<Value>(text: string | undefined, valueOf: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : valueOf(text);
}

function unknownNames(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("POSTHORN_") && !NAMES.includes(name))
    .map((name) => `${name} is not a name Posthorn knows; the nearest is ${nearestOf(name, NAMES)}.`);
}

interface WholeNumber {
  readonly min: number;
  readonly max: number;
  /** The rule, as a sentence without its end. */
  readonly mustBe: string;
}

function wholeNumberOf(text: string, { min, max, mustBe }: WholeNumber): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (number < min || number > max) {
    throw new Wrong(`${mustBe}, got ${givenText(text)}.`);
  }
  return number;
}

function portOf(text: string): number {
  const mustBe = "POSTHORN_PORT must be a port from 1 to 65535";
  return wholeNumberOf(text, { min: 1, max: 65_535, mustBe });
}

function keyRateOf(text: string): number {
  const max = KEY_RATE_PER_SECOND_MAX;
  const rule = `must be a whole number of requests up to ${max}, or 0 for no limit`;
  return wholeNumberOf(text, { min: 0, max, mustBe: `POSTHORN_KEY_RATE_PER_SECOND ${rule}` });
}

function retentionDaysOf(text: string): number {
  const max = RETENTION_DAYS_MAX;
  const rule = `must be a whole number of days up to ${max}, or 0 to keep events for ever`;
  return wholeNumberOf(text, { min: 0, max, mustBe: `POSTHORN_RETENTION_DAYS ${rule}` });
}

type AgedSetting = `POSTHORN_RETENTION_${"PAYLOAD" | "ATTEMPTS" | "DEAD_LETTERS"}_DAYS`;

/** What is kept for less time than events are. */
function agedDaysOf(name: AgedSetting, text: string, eventDays: number): number {
  const max = eventDays === 0 ? RETENTION_DAYS_MAX : eventDays;
  const reason = eventDays === 0 ? "" : ", as events are kept no longer (POSTHORN_RETENTION_DAYS)";
  const mustBe = `${name} must be a whole number of days from 1 to ${max}${reason}`;
  return wholeNumberOf(text, { min: 1, max, mustBe });
}

function withoutUndefined(retention: Readonly<Record<AgedKind, number | undefined>>): Retention {
  const kinds: { [Kind in AgedKind]?: number } = {};
  for (const kind of AGED_KINDS) {
    const days = retention[kind];
    if (days !== undefined) {
      kinds[kind] = days;
    }
  }
  return kinds;
}

function hostOf(text: string): string {
  if (!/^[A-Za-z0-9.:_-]{1,253}$/.test(text)) {
    throw new Wrong(
      `POSTHORN_HOST must be a name or an address such as 127.0.0.1 or ::, got ${givenText(text)}.`,
    );
  }
  return text;
}

function databaseOf(url: string): DatabasePlace {
  const parsed = parseDatabaseUrl(url);
  if (parsed.kind === "problem") {
    throw new Wrong(`POSTHORN_DATABASE_URL ${parsed.problem}.`);
  }
  return parsed.database;
}

function shardsOf(text: string): number {
  const mustBe = `POSTHORN_SHARDS must be a whole number from 1 to ${SHARD_COUNT}`;
  return wholeNumberOf(text, { min: 1, max: SHARD_COUNT, mustBe });
}

/** A file has one process, and needs none. */
function withShards(database: DatabasePlace, shards: number | undefined): DatabasePlace {
  return database.kind === "postgres" && shards !== undefined ? { ...database, shards } : database;
}

type BearerKeySetting = "POSTHORN_ADMIN_KEY" | "POSTHORN_METRICS_KEY";

function bearerKeyOf(name: BearerKeySetting, key: string): string {
  if (key.length >= BEARER_KEY_LENGTH_MIN && HEADER_TEXT.test(key)) {
    return key;
  }
  const got = key.length < BEARER_KEY_LENGTH_MIN ? `${key.length}` : "others among them";
  throw new Wrong(
    `${name} must have ${BEARER_KEY_LENGTH_MIN} or more characters of ASCII, ` +
      `as it is sent in a header, got ${got}.`,
  );
}

function masterKeyOf(text: string): Uint8Array {
  return keyOf("POSTHORN_MASTER_KEY must be", text);
}

function olderMasterKeysOf(text: string): readonly Uint8Array[] {
  return partsOf(text).map((part) =>
    keyOf("each part of POSTHORN_MASTER_KEY_OLD, between commas, must be", part),
  );
}

/** What stands between commas. */
function partsOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function keyOf(whatMustBe: string, text: string): Uint8Array {
  const key = Buffer.from(text, "base64");
  // The decoder skips what is not base64: only what encodes to the same text was base64.
  const isBase64 = key.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  if (isBase64 && key.length === MASTER_KEY_BYTES) {
    return key;
  }
  const got = isBase64
    ? `the base64 of ${key.length} bytes`
    : `${text.length} characters that are not base64`;
  throw new Wrong(
    `${whatMustBe} the base64 of ${MASTER_KEY_BYTES} bytes, ` +
      `as \`openssl rand -base64 32\` prints it, got ${got}.`,
  );
}

function networksOf(text: string): readonly string[] {
  const networks = partsOf(text);
  for (const network of networks) {
    try {
      parseNetwork(network);
    } catch (error) {
      throw new Wrong(`POSTHORN_EGRESS_ALLOW: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return networks;
}

function proxyOf(text: string): EgressProxy {
  const proxy = parseEgressProxy(text);
  if ("problem" in proxy) {
    throw new Wrong(`POSTHORN_EGRESS_PROXY ${proxy.problem}.`);
  }
  return proxy;
}

function publicUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === "";
  if (!isPlain || url.username + url.password !== "") {
    throw new Wrong(
      "POSTHORN_PUBLIC_URL must be a URL of http or https, such as https://hooks.example.com, " +
        "got one with a user, a query or a fragment, or none.",
    );
  }
  return url.href.replace(/\/+$/, "");
}

// As it stands in a policy, where a star or a semicolon would say more than one origin.
const ORIGIN = /^https?:\/\/[a-z0-9.:[\]-]+$/;

function originsOf(text: string): readonly string[] {
  return partsOf(text).map((part) => {
    const url = URL.canParse(part) ? new URL(part) : undefined;
    const isOrigin = url !== undefined && url.origin === part.replace(/\/$/, "") && ORIGIN.test(url.origin);
    if (!isOrigin) {
      throw new Wrong(
        "POSTHORN_PORTAL_ORIGINS must be origins such as https://app.example.com, " +
          "between commas, got others among them.",
      );
    }
    return url.origin;
  });
}

function oneOf<Word extends string>(name: SettingName, text: string, allowed: readonly Word[]): Word {
  const word = allowed.find((candidate) => candidate === text);
  if (word === undefined) {
    throw new Wrong(`${name} must be one of ${allowed.join(", ")}, got ${givenText(text)}.`);
  }
  return word;
}

/** Reads a secret from its variable, or from the file that its `…_FILE` variable names. */
function secretReader(env: Environment, readFile: (path: string) => string) {
  return (name: FileSettingName): string | undefined => {
    const path = env[`${name}_FILE`];
    if (path === undefined) {
      return env[name];
    }
    if (env[name] !== undefined) {
      throw new Wrong(`${name} and ${name}_FILE are both set: leave one of them unset.`);
    }
    try {
      return readFile(path).trim();
    } catch (error) {
      // Not the path: whoever mixes up the two variables has the secret itself there.
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      throw new Wrong(`${name}_FILE must name a file that can be read, got one that cannot (${code}).`);
    }
  };
}
