/** Where everything is stored. */
export type DatabasePlace =
  | { readonly kind: "sqlite"; readonly path: string }
  /**
   * As PostgreSQL's own programs take it; it may hold a password. With `shards` it is made with so many, or
   * has them already.
   */
  | { readonly kind: "postgres"; readonly url: string; readonly shards?: number | undefined };

export type ParsedDatabaseUrl =
  | { readonly kind: "database"; readonly database: DatabasePlace }
  /** What is wrong, after the name of what holds the URL; it repeats no more than the scheme. */
  | { readonly kind: "problem"; readonly problem: string };

// What follows the scheme is libpq's: the host may be missing, and then be in the query as a socket's folder.
const POSTGRES_URL = /^postgres(?:ql)?:\/\/[^/?#\s]*\/[^/?#\s]+(?:\?[^#\s]*)?$/i;

/** Reads the URL of a database: `sqlite:` and a path, or `postgres://user:password@host/database`. */
export function parseDatabaseUrl(url: string): ParsedDatabaseUrl {
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql") {
    return POSTGRES_URL.test(url)
      ? { kind: "database", database: { kind: "postgres", url } }
      : problem(
          "names PostgreSQL and must be postgres://user:password@host/database, " +
            "with special characters encoded as in any URL",
        );
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

function problem(text: string): ParsedDatabaseUrl {
  return { kind: "problem", problem: text };
}
