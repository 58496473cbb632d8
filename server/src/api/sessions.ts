/**
 * Sessions of browsers: what the dashboard shows instead of a key.
 *
 * A session is a row where keys are, so that signing out ends it on every node, and a cookie that holds the
 * row's secret and the digest of the key that opened it, sealed. Both are looked up at every request: who is
 * signed in may do what that key may do now, and nothing once it is revoked. Neither is a key.
 */
import type { FastifyRequest } from "fastify";
import { isSession, makeApiKey, makeSessionId } from "../api-key.ts";
import type { ApiKey } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { type Caller, digestOf } from "./caller.ts";
import { inTime } from "./in-time.ts";
import type { ApiPorts } from "./ports.ts";

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
  /** Of the cookie. */
  readonly cookieName: string;
}

/** A key, or what stands in the link that a first start prints. */
export type SignIn = { readonly key: string } | { readonly link: string };

export interface Opened {
  readonly caller: Caller;
  readonly cookie: string;
  readonly expiresAt: number;
}

interface Finding {
  readonly callerWith: (key: string) => Promise<Caller>;
  readonly callerBy: (digest: Uint8Array) => Promise<Caller | undefined>;
}

/**
 * Only a page of this server can send it: to another origin's page the browser asks first, and is refused. So
 * a cookie without it says nothing.
 */
const SESSION_HEADER = "posthorn-session";

/** A password that a proxy before this server asks browsers for is none of ours. */
const HAS_KEY = /^Bearer\b/i;

/** A working day. */
export const SESSION_MS = 12 * 3_600_000;
const LINK_MS = 3_600_000;
/** Of one tenant, or of the administrators; a new one ends the oldest. */
const SESSIONS_MAX = 100;
const CONTEXT = "session";

export function createSessions(ports: ApiPorts, { callerWith, callerBy }: Finding): Sessions {
  const { registry, clock, random, seal, adminKeyHash } = ports;
  const cookieName = `posthorn_${seal.keyId}`;
  const linkEndsAt = clock.now() + LINK_MS;
  let linkDigest = ports.signInToken === undefined ? undefined : digestOf(ports.signInToken);

  function keyDigestOf(given: SignIn): Uint8Array {
    if ("key" in given) {
      return digestOf(given.key);
    }
    const isRight = linkDigest !== undefined && Buffer.compare(digestOf(given.link), linkDigest) === 0;
    if (!isRight || clock.now() >= linkEndsAt || adminKeyHash === undefined) {
      const detail = "The link is not right, was used, or is older than an hour: sign in with a key.";
      throw new Problem("unauthorized", detail);
    }
    linkDigest = undefined;
    return adminKeyHash;
  }

  async function makeRoom(tenant: number | undefined): Promise<void> {
    const sessions = (await registry.listKeys(tenant)).filter(isSession);
    const isLive = ({ expiresAt = 0 }: ApiKey) => expiresAt > clock.now();
    const over = [
      ...sessions.filter((each) => !isLive(each)),
      ...sessions.filter(isLive).slice(SESSIONS_MAX - 1),
    ];
    for (const { id } of over) {
      await registry.revokeKey(tenant, id);
    }
  }

  /** Finds the row of the request's session, and who opened it. */
  async function find(request: FastifyRequest): Promise<Found | undefined> {
    const cookie = cookieIn(request, cookieName);
    if (cookie === undefined || HAS_KEY.test(request.headers.authorization ?? "")) {
      return undefined;
    }
    if (request.headers[SESSION_HEADER] === undefined) {
      throw new Problem("unauthorized", `A session counts only with the header ${SESSION_HEADER}.`);
    }
    const opened = readCookie(cookie, ports);
    if (opened === undefined) {
      throw sessionOver();
    }
    const row = await inTime(clock, registry.findKey(digestOf(opened.secret)));
    if (row === undefined || !isSession(row) || (row.expiresAt ?? 0) <= clock.now()) {
      throw sessionOver();
    }
    return { row, keyDigest: opened.keyDigest };
  }

  return {
    cookieName,
    async open(given) {
      const caller = "key" in given ? await callerWith(given.key) : ({ kind: "admin" } as const);
      const keyDigest = keyDigestOf(given);
      const tenant = caller.kind === "tenant" ? caller.tenant : undefined;
      await makeRoom(tenant);
      const secret = makeApiKey(random);
      const expiresAt = clock.now() + SESSION_MS;
      const row: ApiKey = {
        id: makeSessionId(random),
        tenant,
        name: "session of a browser",
        hash: digestOf(secret),
        scopes: [],
        ratePerSecond: undefined,
        createdAt: clock.now(),
        expiresAt,
        lastUsedAt: undefined,
      };
      if (!(await registry.createKey(row))) {
        throw sessionOver();
      }
      const text = `${secret} ${Buffer.from(keyDigest).toString("hex")}`;
      return { caller, cookie: Buffer.from(seal.seal(text, CONTEXT)).toString("base64url"), expiresAt };
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
      return caller;
    },
    endOf: async (request) => (await find(request))?.row.expiresAt,
    async end(request) {
      const found = await find(request);
      if (found !== undefined) {
        await registry.revokeKey(found.row.tenant, found.row.id);
      }
    },
  };
}

interface Found {
  readonly row: ApiKey;
  readonly keyDigest: Uint8Array;
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
  { seal }: ApiPorts,
): { readonly secret: string; readonly keyDigest: Uint8Array } | undefined {
  const sealed = Buffer.from(cookie, "base64url");
  // Decoding passes over what is no base64: one session has one text.
  if (sealed.toString("base64url") !== cookie) {
    return undefined;
  }
  try {
    const text = seal.unseal(sealed, CONTEXT);
    const [, secret, digest] = OPENED.exec(text) ?? [];
    return secret === undefined || digest === undefined
      ? undefined
      : { secret, keyDigest: Buffer.from(digest, "hex") };
  } catch {
    return undefined;
  }
}
