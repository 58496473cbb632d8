import type { AuditedCaller, StoredAuditEntry } from "../model/audit.ts";
import { integerIn, jsonIn, optionalIn, type Row, textIn, wordIn } from "./columns.ts";

const KINDS: Record<AuditedCaller["kind"], true> = { admin: true, tenant: true, portal: true };

export function auditEntryOf(row: Row): StoredAuditEntry {
  return {
    number: integerIn(row, "number"),
    at: integerIn(row, "at"),
    by: {
      kind: wordIn(row, "by_kind", KINDS),
      key: optionalIn(row, "by_key", textIn),
      session: optionalIn(row, "by_session", textIn),
    },
    tenant: optionalIn(row, "tenant", textIn),
    action: textIn(row, "action"),
    resource: jsonIn(row, "resource", isResource),
    requestId: textIn(row, "request_id"),
    status: integerIn(row, "status"),
  };
}

function isResource(value: unknown): value is StoredAuditEntry["resource"] {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((each) => typeof each === "string")
  );
}
