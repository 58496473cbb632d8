import { createHash } from "node:crypto";
import { Problem } from "../problem.ts";

// Enough to notice a cursor that was taken from another list; it protects nothing.
const BINDING_LENGTH = 8;

/**
 * Makes the cursor of the page that follows `position`, bound to the list it belongs to: the route and its
 * filters. It is opaque to callers, and must hold nothing that tells volume, such as a bare offset.
 */
export function cursorOf(list: readonly (string | undefined)[], position: string): string {
  return Buffer.from(bindingOf(list) + position, "utf8").toString("base64url");
}

/** Reads the position out of a cursor. Throws the Problem `invalid_request` if it is none of this list. */
export function positionIn(list: readonly (string | undefined)[], cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (!text.startsWith(bindingOf(list))) {
    throw wrongCursor();
  }
  return text.slice(BINDING_LENGTH);
}

/** Reads a position that is a number, likewise. */
export function numberIn(list: readonly (string | undefined)[], cursor: string): number {
  const position = positionIn(list, cursor);
  if (!/^\d{1,15}$/.test(position)) {
    throw wrongCursor();
  }
  return Number(position);
}

/** Says that a cursor is none of this list. */
export function wrongCursor(): Problem {
  const detail = "must be the next_cursor of a page of this list with the same filters";
  return new Problem("invalid_request", "The cursor cannot be used here.", [{ pointer: "?cursor", detail }]);
}

function bindingOf(list: readonly (string | undefined)[]): string {
  const text = JSON.stringify(list.map((part) => part ?? null));
  return createHash("sha256").update(text).digest("base64url").slice(0, BINDING_LENGTH);
}
