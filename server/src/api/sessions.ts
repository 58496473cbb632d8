/**
 * Sessions of browsers: what the dashboard and the portal show instead of a key.
 *
 * A session is a row where keys are, so that signing out ends it on every node, and a cookie that holds the
 * row's secret and the digest of the key that opened it, sealed. Both are looked up at every request: who is
 * signed in may do what that key may do now, and nothing once it is revoked. Neither is a key.
 *
 * A portal's session may do no more than its row says, either; its cookie is another, sealed for a place of
 * its own, so that neither is ever taken for the other.
 */
import type { FastifyRequest } from "fastify";
import { isSession, makeApiKey, makePortalId, makeSessionId, sessionKindOf } from "../api-key.ts";
import { HOUR_MS } from "../model/duration.ts";
import type { ApiKey } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { type Caller, digestOf, hasScope } from "./caller.ts";
import { inTime } from "./in-time.ts";
import { usePortalLink } from "./portal-links.ts";
import type { ApiPorts } from "./ports.ts";
import { makeRoom } from "./session-room.ts";

export interface Sessions {
  /** Signs in. Throws the Problem `unauthorized`. */
  readonly open: (given: SignIn) => Promise<Opened>;
  /**
   * Finds the caller by a session; undefined: there is none, or a key beside it. Throws the Problem
   * `unauthorized` for a session that is over.
   */
  readonly callerOf: (request: FastifyRequest) => Promise<Caller | undefined>;
  /** When the request's session ends; undefined: it has none. */
  readonly endOf: (request: FastifyRequest) => Promise<number | undefined>;
  /** Signs out. */
  readonly end: (request: FastifyRequest) => Promise<void>;
  /** Of the cookie of the session that a request asks with. */
  readonly cookieNameOf: (request: FastifyRequest) => string;
}

/** A key, what stands in the link that a first start prints, or in one of the portal. */
export type SignIn = { readonly key: string } | { readonly link: string } | { readonly portal_link: string };

export interface Opened {
  readonly caller: Caller;
  readonly cookie: { readonly name: string; readonly value: string };
  readonly expiresAt: number;
}

interface Finding {
  readonly callerWith: (key: string) => Promise<Caller>;
  readonly callerBy: (digest: Uint8Array) => Promise<Caller | undefined>;
}

/**
 * Only a page of this server can send it: to another origin's page the browser asks first, and is refused. So
 * a cookie without it says nothing. The portal's pages say `portal`, and the dashboard's anything else.
 */
const SESSION_HEADER = "posthorn-session";

/** A password that a proxy before this server asks browsers for is none of ours. */
const HAS_KEY = /^Bearer\b/i;

/** A working day. */
const SESSION_MS = 12 * HOUR_MS;
const LINK_MS = HOUR_MS;

type Kind = "dashboard" | "portal";

/** What a cookie is sealed for. */
const CONTEXTS: Readonly<Record<Kind, string>> = { dashboard: "session", portal: "session of the portal" };

export function createSessions(ports: ApiPorts, { callerWith, callerBy }: Finding): Sessions {
  const { registry, clock, random, seal } = ports;
  const cookieNames: Readonly<Record<Kind, string>> = {
    dashboard: `posthorn_${seal.keyId}`,
    portal: `posthorn_portal_${seal.keyId}`,
  };
  const linkEndsAt = clock.now() + LINK_MS;
  let signIn = ports.signIn;

  /** Uses up the link that a first start prints. */
  function callerByLink(link: string): Caller {
    const given = signIn;
    const isRight = given !== undefined && Buffer.compare(digestOf(link), digestOf(given.token)) === 0;
    if (!isRight || clock.now() >= linkEndsAt) {
      const detail = "The link is not right, was used, or is older than an hour: sign in with a key.";
      throw new Problem("unauthorized", detail);
    }
    signIn = undefined;
    return { kind: "admin", key: undefined, digest: given.keyDigest };
  }

  /** Finds the row of the request's session, and who opened it. */
  async function find(request: FastifyRequest): Promise<Found | undefined> {
    const kind = kindOf(request);
    const cookie = cookieIn(request, cookieNames[kind]);
    if (cookie === undefined || HAS_KEY.test(request.headers.authorization ?? "")) {
      return undefined;
    }
    if (request.headers[SESSION_HEADER] === undefined) {
      throw new Problem("unauthorized", `A session counts only with the header ${SESSION_HEADER}.`);
    }
    const opened = readCookie(cookie, CONTEXTS[kind], ports);
    if (opened === undefined) {
      throw sessionOver();
    }
    const row = await inTime(clock, registry.findKey(digestOf(opened.secret)));
    if (row === undefined || !isSession(row) || (row.expiresAt ?? 0) <= clock.now()) {
      throw sessionOver();
    }
    // A link is none yet.
    if (sessionKindOf(row) !== kind) {
      throw sessionOver();
    }
    return { row, kind, keyDigest: opened.keyDigest };
  }

  /** Writes down a session, and seals its cookie. */
  async function begin(kind: Kind, caller: Caller, given: Pick<ApiKey, "scopes" | "tenant"> & Lasting) {
    await makeRoom(ports, given.tenant, kind);
    const secret = makeApiKey(random);
    const expiresAt = clock.now() + given.lastsMs;
    const row: ApiKey = {
      id: kind === "portal" ? makePortalId(random, "session") : makeSessionId(random),
      tenant: given.tenant,
      name: kind === "portal" ? "session of the portal" : "session of a browser",
      hash: digestOf(secret),
      scopes: given.scopes,
      ratePerSecond: undefined,
      createdAt: clock.now(),
      expiresAt,
      lastUsedAt: undefined,
    };
    if (!(await registry.createKey(row))) {
      throw sessionOver();
    }
    const text = `${secret} ${Buffer.from(caller.digest).toString("hex")}`;
    const value = Buffer.from(seal.seal(text, CONTEXTS[kind])).toString("base64url");
    return { row, cookie: { name: cookieNames[kind], value }, expiresAt };
  }

  async function openPortal(link: string): Promise<Opened> {
    const { tenant, scopes, keyDigest, sessionMs } = await usePortalLink(ports, link);
    const maker = await callerBy(keyDigest);
    if (maker === undefined) {
      throw sessionOver();
    }
    const { row, cookie, expiresAt } = await begin("portal", maker, { tenant, scopes, lastsMs: sessionMs });
    return { caller: narrowed(maker, row), cookie, expiresAt };
  }

  return {
    cookieNameOf: (request) => cookieNames[kindOf(request)],
    async open(given) {
      if ("portal_link" in given) {
        return await openPortal(given.portal_link);
      }
      const caller = "key" in given ? await callerWith(given.key) : callerByLink(given.link);
      const tenant = caller.kind === "tenant" ? caller.tenant : undefined;
      const begun = await begin("dashboard", caller, { tenant, scopes: [], lastsMs: SESSION_MS });
      const signedIn = { ...caller, session: "dashboard", sessionId: begun.row.id } as const;
      return { ...begun, caller: signedIn };
    },
    async callerOf(request) {
      const found = await find(request);
      if (found === undefined) {
        return undefined;
      }
      const caller = await callerBy(found.keyDigest);
      if (caller === undefined) {
        throw sessionOver();
      }
      return found.kind === "portal"
        ? narrowed(caller, found.row)
        : { ...caller, session: found.kind, sessionId: found.row.id };
    },
    endOf: async (request) => (await find(request))?.row.expiresAt,
    async end(request) {
      const found = await find(request);
      if (found !== undefined) {
        await registry.deleteKey(found.row.tenant, found.row.id);
      }
    },
  };
}

interface Found {
  readonly row: ApiKey;
  readonly kind: Kind;
  readonly keyDigest: Uint8Array;
}

interface Lasting {
  readonly lastsMs: number;
}

/** A portal's session is of its row's tenant, and may do what both its row and the key that made it may. */
function narrowed(maker: Caller, row: ApiKey): Caller {
  if (row.tenant === undefined || (maker.kind === "tenant" && maker.tenant !== row.tenant)) {
    throw sessionOver();
  }
  const scopes = (row.scopes ?? []).filter((scope) => hasScope(maker, scope));
  const key = { ...row, scopes };
  const session = { session: "portal", sessionId: row.id } as const;
  return { kind: "tenant", tenant: row.tenant, key, digest: maker.digest, ...session };
}

function kindOf(request: FastifyRequest): Kind {
  return request.headers[SESSION_HEADER] === "portal" ? "portal" : "dashboard";
}

function sessionOver(): Problem {
  return new Problem("unauthorized", "The session is over, or its key was revoked: sign in again.");
}

const COOKIE_LENGTH_MAX = 1024;

function cookieIn(request: FastifyRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(/; */);
  const pair = pairs.find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1, COOKIE_LENGTH_MAX);
}

const OPENED = /^(\S+) ([0-9a-f]{64})$/;

function readCookie(
  cookie: string,
  context: string,
  { seal }: ApiPorts,
): { readonly secret: string; readonly keyDigest: Uint8Array } | undefined {
  const sealed = Buffer.from(cookie, "base64url");
  // Decoding passes over what is no base64: one session has one text.
  if (sealed.toString("base64url") !== cookie) {
    return undefined;
  }
  try {
    const text = seal.unseal(sealed, context);
    const [, secret, digest] = OPENED.exec(text) ?? [];
    return secret === undefined || digest === undefined
      ? undefined
      : { secret, keyDigest: Buffer.from(digest, "hex") };
  } catch {
    return undefined;
  }
}
