/** The table of all settings: whoever reads, refuses, shows or documents one has its name from here. */

export interface Setting {
  readonly name: `POSTHORN_${string}`;
  /** Who reads it: the server, or the commands that ask one. */
  readonly of: "server" | "commands";
  /** What is shown of it: all, nothing, or a URL without what may be a password in it. */
  readonly shown: "plain" | "masked" | "url";
  /** Whether a variable of this name and `_FILE` may name a file that holds it. */
  readonly hasFile: boolean;
  /** As it would be written; undefined: where it is not set there is none. */
  readonly default: string | undefined;
  /** For people: what it is, and what it may be. */
  readonly what: string;
}

const server = { of: "server", shown: "plain", hasFile: false, default: undefined } as const;
const secret = { of: "server", shown: "masked", hasFile: true, default: undefined } as const;
const commands = { of: "commands", shown: "plain", hasFile: false, default: undefined } as const;

export const SETTINGS = [
  { ...server, name: "POSTHORN_PORT", default: "8080", what: "The port it listens on, 1 to 65535." },
  { ...server, name: "POSTHORN_HOST", default: "127.0.0.1", what: "The name or address it listens on." },
  {
    ...secret,
    name: "POSTHORN_DATABASE_URL",
    shown: "url",
    default: "sqlite:./posthorn.db",
    what: "Where everything is stored: `sqlite:` and a path, or `postgres://user:password@host/database`.",
  },
  {
    ...server,
    name: "POSTHORN_SHARDS",
    what: "How many parts the log of a new PostgreSQL database has, 1 to 64; fixed from then on. Unset: 16.",
  },
  {
    ...secret,
    name: "POSTHORN_ADMIN_KEY",
    what: "The key that may do everything, of 32 characters or more. Unset: one is made, and printed once.",
  },
  {
    ...secret,
    name: "POSTHORN_METRICS_KEY",
    what: "A key that may read `/metrics` and nothing else, of 32 characters or more. Unset: there is none.",
  },
  {
    ...secret,
    name: "POSTHORN_MASTER_KEY",
    what: "Base64 of 32 bytes, which seals the secrets of endpoints. Unset: `posthorn serve` does not start.",
  },
  {
    ...secret,
    name: "POSTHORN_MASTER_KEY_OLD",
    what: "Master keys from before, separated by commas, until secrets are sealed under the new one.",
  },
  {
    ...server,
    name: "POSTHORN_KEY_RATE_PER_SECOND",
    default: "500",
    what: "Requests that a key of a tenant without a rate of its own may make in a second; 0: any number.",
  },
  {
    ...server,
    name: "POSTHORN_CONTRACT",
    default: "standard",
    what: "The contract of tenants that name none.",
  },
  {
    ...server,
    name: "POSTHORN_CONFIG",
    what: "The file with contracts of your own. Unset: `posthorn.config.ts`, if it is in the folder.",
  },
  {
    ...server,
    name: "POSTHORN_EGRESS_ALLOW",
    what: "CIDRs, by commas, that may be called though not public. Unset: none, or loopback in development.",
  },
  {
    ...secret,
    name: "POSTHORN_EGRESS_PROXY",
    shown: "url",
    what: "`http://[user:password@]host:port`, through which requests to receivers go.",
  },
  {
    ...server,
    name: "POSTHORN_RETENTION_DAYS",
    default: "90",
    what: "How many days events are kept; 0: for ever.",
  },
  {
    ...server,
    name: "POSTHORN_RETENTION_PAYLOAD_DAYS",
    what: "How many days the data of events is kept, once all deliveries are final. Unset: as the event.",
  },
  {
    ...server,
    name: "POSTHORN_RETENTION_ATTEMPTS_DAYS",
    what: "The same for what receivers answered.",
  },
  {
    ...server,
    name: "POSTHORN_RETENTION_DEAD_LETTERS_DAYS",
    what: "The same for what was given up, which is expired from then on.",
  },
  {
    ...server,
    name: "POSTHORN_PUBLIC_URL",
    shown: "url",
    what: "Where browsers reach the server, as links of the portal have it. Unset: as the caller does.",
  },
  {
    ...server,
    name: "POSTHORN_PORTAL_ORIGINS",
    what: "Origins, separated by commas, whose pages may show the portal in a frame. Unset: none.",
  },
  {
    ...server,
    name: "POSTHORN_LOG_LEVEL",
    default: "info",
    what: "`debug`, `info`, `warn`, `error` or `silent`.",
  },
  {
    ...commands,
    name: "POSTHORN_URL",
    default: "http://127.0.0.1:8080",
    what: "The server that is asked; `--url` goes before it.",
  },
  { ...commands, name: "POSTHORN_TENANT", what: "The tenant that is asked for; `--tenant` goes before it." },
  {
    ...commands,
    name: "POSTHORN_KEY",
    shown: "masked",
    what: "The key that is shown to the server. Unset: `POSTHORN_ADMIN_KEY`.",
  },
  {
    ...commands,
    name: "POSTHORN_SECRET",
    shown: "masked",
    what: "The endpoint's secret of `posthorn sign` and `posthorn verify`; `--secret-file` goes before it.",
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]["name"];

/** Settings whose `…_FILE` twin names a file with the value. */
export type FileSettingName = Extract<(typeof SETTINGS)[number], { hasFile: true }>["name"];

/** Every variable there is. */
export const NAMES: readonly string[] = SETTINGS.flatMap(({ name, hasFile }) =>
  hasFile ? [name, `${name}_FILE`] : [name],
);

/** Returns what a setting is where it is not set. */
export function defaultOf(setting: SettingName): string | undefined {
  return SETTINGS.find(({ name }) => name === setting)?.default;
}
