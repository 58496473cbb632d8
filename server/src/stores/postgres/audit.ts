import type { AuditRegistry } from "../../audit-registry.ts";
import { auditEntryOf } from "../audit-row.ts";
import type { Database } from "./database.ts";
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
export function createAudit(database: Database): AuditRegistry {
  return {
    async addAudit({ at, by, tenant, action, resource, requestId, status }) {
      const who = [by.kind, by.key, by.session];
      const what = [tenant, action, JSON.stringify(resource), requestId, status];
      await database.run(INSERT_AUDIT, at, ...who, ...what);
    },
    async listAudit({ tenant, before = NEWEST, since, limit }) {
      const range = [before.at, before.number, since, limit];
      const rows =
        tenant === undefined
          ? await database.rows(LIST_AUDIT, ...range)
          : await database.rows(LIST_AUDIT_OF_TENANT, ...range, tenant);
      return rows.map(auditEntryOf);
    },
    async forgetAudit({ before, numbersKept, limit }) {
      const aged = await database.run(FORGET_AGED_AUDIT, before, limit);
      return aged + (await database.run(FORGET_SURPLUS_AUDIT, numbersKept, limit));
    },
  };
}
