import type { AuditRegistry } from "../../audit-registry.ts";
import type { State } from "./state.ts";

/** The audit log over a state in memory. */
export function createAudit(state: State): AuditRegistry {
  return {
    async addAudit(entry) {
      state.auditCount += 1;
      state.audit = [...state.audit, { ...entry, number: state.auditCount }];
    },
    async listAudit({ tenant, before, since, limit }) {
      return state.audit
        .filter((entry) => tenant === undefined || entry.tenant === tenant)
        .filter(({ at }) => at >= since)
        .filter(({ at, number }) => before === undefined || (at - before.at || number - before.number) < 0)
        .toSorted((a, b) => b.at - a.at || b.number - a.number)
        .slice(0, limit);
    },
    async forgetAudit({ before, numbersKept, limit }) {
      const newest = state.audit.at(-1)?.number ?? 0;
      const aged = state.audit.filter(({ at }) => at < before).slice(0, limit);
      const surplus = state.audit.filter(({ number }) => number <= newest - numbersKept).slice(0, limit);
      const forgotten = new Set([...aged, ...surplus]);
      state.audit = state.audit.filter((entry) => !forgotten.has(entry));
      return forgotten.size;
    },
  };
}
