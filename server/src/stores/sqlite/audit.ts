import type { AuditRegistry } from "../../audit-registry.ts";
import { auditEntryOf } from "../audit-row.ts";
import type { Connections } from "./connections.ts";
import {
  FORGET_AGED_AUDIT,
  FORGET_SURPLUS_AUDIT,
  INSERT_AUDIT,
  LIST_AUDIT,
  LIST_AUDIT_OF_TENANT,
} from "./queries/audit.ts";

// A page without `before` begins at the newest.
const NEWEST = { at: Number.MAX_SAFE_INTEGER, number: Number.MAX_SAFE_INTEGER };

/** The audit log over a database. */
export function createAudit({ writing, reading, write, read }: Connections): AuditRegistry {
  const insert = writing.prepare(INSERT_AUDIT);
  const forgetAged = writing.prepare(FORGET_AGED_AUDIT);
  const forgetSurplus = writing.prepare(FORGET_SURPLUS_AUDIT);
  const list = reading.prepare(LIST_AUDIT);
  const listOfTenant = reading.prepare(LIST_AUDIT_OF_TENANT);

  return {
    addAudit: ({ at, by, tenant, action, resource, requestId, status }) =>
      write(() => {
        const who = [by.kind, by.key ?? null, by.session ?? null];
        insert.run(at, ...who, tenant ?? null, action, JSON.stringify(resource), requestId, status);
      }),
    listAudit: ({ tenant, before = NEWEST, since, limit }) =>
      read(() => {
        const range = [before.at, before.number, since, limit];
        const rows = tenant === undefined ? list.all(...range) : listOfTenant.all(...range, tenant);
        return rows.map(auditEntryOf);
      }),
    forgetAudit: ({ before, numbersKept, limit }) =>
      write(() => {
        const aged = Number(forgetAged.run(before, limit).changes);
        return aged + Number(forgetSurplus.run(numbersKept, limit).changes);
      }),
  };
}
