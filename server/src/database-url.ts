/** Where everything is stored. */
export type DatabasePlace = { readonly kind: "sqlite"; readonly path: string } | PostgresPlace;

/**
 * As PostgreSQL's own programs take it, with several hosts before the database's name if there are; it may
 * hold a password. With `shards` it is made with so many, or has them already.
 */
export interface PostgresPlace {
  readonly kind: "postgres";
  readonly url: string;
  readonly shards?: number | undefined;
}

export type ParsedDatabaseUrl =
  | { readonly kind: "database"; readonly database: DatabasePlace }
  /** What is wrong, after the name of what holds the URL; it repeats no more than the scheme. */
  | { readonly kind: "problem"; readonly problem: string };

// What follows the scheme is libpq's: the host may be missing, and then be in the query as a socket's folder.
const POSTGRES_URL = /^postgres(?:ql)?:\/\/[^/?#\s]*\/[^/?#\s]+(?:\?[^#\s]*)?$/i;

// Of several hosts the one that takes writes is used, whether that is asked for or not.
const TARGETS: ReadonlySet<string> = new Set(["read-write", "primary"]);

/** Reads the URL of a database: `sqlite:` and a path, or `postgres://user:password@host/database`. */
export function parseDatabaseUrl(url: string): ParsedDatabaseUrl {
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql") {
    return parsePostgresUrl(url);
  }
  const path = url.slice("sqlite:".length).replace(/^\/\//, "");
  if (scheme === "sqlite" && path !== "" && !path.includes("\u0000")) {
    return { kind: "database", database: { kind: "sqlite", path } };
  }
  const what = scheme === undefined ? "text without a scheme" : `a URL of the scheme ${scheme}:`;
  return problem(
    "must be sqlite: and a path, such as sqlite:./posthorn.db, or postgres://user:password@host/database, " +
      `got ${scheme === "sqlite" ? "sqlite: without a path" : what}`,
  );
}

function parsePostgresUrl(url: string): ParsedDatabaseUrl {
  if (!POSTGRES_URL.test(url)) {
    return problem(
      "names PostgreSQL and must be postgres://user:password@host/database, " +
        "with special characters encoded as in any URL",
    );
  }
  const { host = "", target_session_attrs: target = "read-write" } = parametersOf(url);
  if (host.includes(",")) {
    return problem(
      "names several hosts after the database's name; they go before it: postgres://a,b/database",
    );
  }
  if (!TARGETS.has(target)) {
    return problem(`must have no target_session_attrs, or one of ${[...TARGETS].join(", ")}`);
  }
  return { kind: "database", database: { kind: "postgres", url } };
}

function parametersOf(url: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(url.split("?")[1] ?? ""));
}

/** Returns what of a URL of PostgreSQL anybody may see: neither user nor password, and no parameters. */
export function placeOf(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/]*@/i, "$1").replace(/\?.*$/, "");
}

function problem(text: string): ParsedDatabaseUrl {
  return { kind: "problem", problem: text };
}
