import { parseDatabaseUrl } from "./database-url.ts";
import { parseEgressProxy } from "./egress-proxy.ts";
import { SETTINGS, type Setting } from "./settings.ts";

/** A setting as it may be shown to anyone: no secret is in it. */
export interface ShownSetting {
  readonly name: string;
  /** Null: it is not set, and has no default; or its file cannot be read. */
  readonly value: string | null;
  readonly source: "default" | "environment" | "file";
}

const MASK = "********";

/** Tells what every setting is, and where that is from. `readFile` may throw. */
export function shownSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): readonly ShownSetting[] {
  return SETTINGS.map((setting: Setting): ShownSetting => {
    const { name, hasFile } = setting;
    const path = hasFile ? env[`${name}_FILE`] : undefined;
    if (path !== undefined) {
      return { name, value: shownOf(setting, textIn(path, readFile)), source: "file" };
    }
    const given = env[name];
    return given === undefined
      ? { name, value: setting.default ?? null, source: "default" }
      : { name, value: shownOf(setting, given), source: "environment" };
  });
}

function textIn(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    return undefined;
  }
}

function shownOf({ name, shown }: Setting, text: string | undefined): string | null {
  if (text === undefined) {
    return null;
  }
  switch (shown) {
    case "plain":
      return text;
    case "masked":
      return MASK;
    case "url":
      return isUnderstood(name, text) ? maskedUrl(text) : MASK;
  }
}

/** What is none of the forms that are known may be a secret from its first character on. */
function isUnderstood(name: string, text: string): boolean {
  return name === "POSTHORN_DATABASE_URL"
    ? parseDatabaseUrl(text).kind === "database"
    : !("problem" in parseEgressProxy(text));
}

/** Of a URL's host, path and database; a password may stand before the last @, and among the parameters. */
function maskedUrl(text: string): string {
  return text.startsWith("sqlite:")
    ? text
    : text.replace(/^(\w+:\/\/).*@/s, `$1${MASK}@`).replace(/\?.*$/s, `?${MASK}`);
}
