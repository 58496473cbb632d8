import type { Catalogue } from "@posthorn/contracts/contract";
import type { FastifyReply } from "fastify";
import { matchesGlob } from "../model/subscription.ts";

// As many as a person reads; headers have an end.
const WARNINGS_MAX = 20;

/**
 * Warns whoever subscribes to event types that are to be used no more, in a header: the answer is the one
 * that programs know. A glob warns where it stands for nothing else.
 */
export function warnOfDeprecated(
  reply: FastifyReply,
  catalogue: Catalogue | undefined,
  eventTypes: readonly string[] | null | undefined,
): void {
  const warnings = new Set(
    (eventTypes ?? []).flatMap((pattern) => deprecatedOnly(catalogue, pattern)).map(warningOf),
  );
  if (warnings.size > 0) {
    reply.header("warning", [...warnings].slice(0, WARNINGS_MAX).join(", "));
  }
}

interface Deprecated {
  readonly name: string;
  readonly successor: string;
}

/** Returns the types that a pattern stands for, where all of them are to be used no more. */
export function deprecatedOnly(catalogue: Catalogue | undefined, pattern: string): readonly Deprecated[] {
  const meant = (catalogue?.eventTypes ?? []).filter(({ name }) => matchesGlob(pattern, name));
  const deprecated = meant.flatMap(({ name, deprecatedFor: successor }) =>
    successor === undefined ? [] : [{ name, successor }],
  );
  return deprecated.length === meant.length ? deprecated : [];
}

/** 299 is the code of a warning that lasts (RFC 7234, section 5.5). */
function warningOf({ name, successor }: Deprecated): string {
  return `299 posthorn "${inHeader(name)} is deprecated: use ${inHeader(successor)}"`;
}

/** A contract of one's own may name its types in any script. */
function inHeader(name: string): string {
  return name.toWellFormed().replaceAll(/[^\x20-\x7e]|["\\%]/gu, encodeURIComponent);
}
