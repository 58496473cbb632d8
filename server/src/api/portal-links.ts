/**
 * Links that open the portal of one tenant, once.
 *
 * What stands in a link is sealed: the secret of a row where keys are, the digest of the key that made it,
 * and how long what it opens lasts. The row is gone with the first use, on whatever node that is.
 */
import { isSession, makeApiKey, makePortalId, sessionKindOf } from "../api-key.ts";
import type { ApiKey, Scope } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { type Caller, digestOf, hasScope } from "./caller.ts";
import { inTime } from "./in-time.ts";
import type { ApiPorts } from "./ports.ts";
import { makeRoom } from "./session-room.ts";

/** What the portal has screens for; a session of it may do no more. */
export const PORTAL_SCOPES = [
  "events:read",
  "deliveries:read",
  "deliveries:write",
  "endpoints:read",
  "endpoints:write",
] as const satisfies readonly Scope[];

export type PortalScope = (typeof PORTAL_SCOPES)[number];

/** From the answer to the page's first request. */
const PORTAL_LINK_MS = 5 * 60_000;
const CONTEXT = "portal link";

export interface PortalWish {
  readonly tenant: number;
  readonly scopes: readonly PortalScope[];
  /** How long the session lasts that it opens. */
  readonly sessionMs: number;
}

/** What a link was found to open. */
export interface PortalGrant {
  readonly tenant: number;
  readonly scopes: readonly Scope[];
  readonly keyDigest: Uint8Array;
  readonly sessionMs: number;
}

/** Makes what stands in a link; undefined where its tenant is deleted. The caller's key goes on vouching. */
export async function makePortalLink(
  ports: ApiPorts,
  caller: Caller,
  wish: PortalWish,
): Promise<{ readonly link: string; readonly expiresAt: number } | undefined> {
  const { registry, clock, random, seal } = ports;
  await makeRoom(ports, wish.tenant, "portal_link");
  const secret = makeApiKey(random);
  const expiresAt = clock.now() + PORTAL_LINK_MS;
  const row: ApiKey = {
    id: makePortalId(random, "link"),
    tenant: wish.tenant,
    name: "link of the portal",
    hash: digestOf(secret),
    scopes: wish.scopes,
    ratePerSecond: undefined,
    createdAt: clock.now(),
    expiresAt,
    lastUsedAt: undefined,
  };
  if (!(await registry.createKey(row))) {
    return undefined;
  }
  const text = `${secret} ${Buffer.from(caller.digest).toString("hex")} ${wish.sessionMs}`;
  return { link: Buffer.from(seal.seal(text, CONTEXT)).toString("base64url"), expiresAt };
}

/** Uses a link up. Throws the Problem `unauthorized` where it opens nothing, or did before. */
export async function usePortalLink(ports: ApiPorts, link: string): Promise<PortalGrant> {
  const { registry, clock } = ports;
  const opened = readLink(ports, link);
  if (opened === undefined) {
    throw linkOver();
  }
  const row = await inTime(clock, registry.findKey(digestOf(opened.secret)));
  if (row?.tenant === undefined || !isSession(row) || sessionKindOf(row) !== "portal_link") {
    throw linkOver();
  }
  // Only one of two that come at once finds it there.
  if ((row.expiresAt ?? 0) <= clock.now() || !(await registry.deleteKey(row.tenant, row.id))) {
    throw linkOver();
  }
  const { keyDigest, sessionMs } = opened;
  return { tenant: row.tenant, scopes: row.scopes ?? [], keyDigest, sessionMs };
}

/** Returns what of some scopes a caller may hand on. */
export function scopesToGive<Given extends Scope>(
  caller: Caller,
  scopes: readonly Given[],
): readonly Given[] {
  return scopes.filter((scope) => hasScope(caller, scope));
}

function linkOver(): Problem {
  const detail = "The link was used, is not right, or is older than five minutes: ask for another.";
  return new Problem("unauthorized", detail);
}

const OPENED = /^(\S+) ([0-9a-f]{64}) (\d{1,9})$/;

function readLink({ seal }: ApiPorts, link: string) {
  try {
    const [, secret, digest, sessionMs] =
      OPENED.exec(seal.unseal(Buffer.from(link, "base64url"), CONTEXT)) ?? [];
    return secret === undefined || digest === undefined
      ? undefined
      : { secret, keyDigest: Buffer.from(digest, "hex"), sessionMs: Number(sessionMs) };
  } catch {
    return undefined;
  }
}
