import { type Static, Type } from "typebox";
import type { AuditPlace, StoredAuditEntry } from "../../model/audit.ts";
import { type Access, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { textFilter, timeFilter } from "../filters.ts";
import { PAGE_LIMIT, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf } from "../timestamp.ts";

const filter = (description: string) => Type.Optional(Type.String({ maxLength: 64, description }));

const AuditQuery = Type.Object(
  {
    action: filter("What was done: the operation's name in this description, such as createEndpoint."),
    by: filter("Who did it: the id of a key, or of a session."),
    since: filter("A time: done from then on."),
    until: filter("A time: done before then."),
    ...pageParameters,
  },
  { additionalProperties: false },
);

/** Entries looked at for one page, whatever the filters leave of them. */
const SCAN_MAX = 2000;

/** `…/audit`: who changed what, newest first: of the installation, or of one tenant. */
export function addAuditRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const schema = { querystring: AuditQuery };
  app.get("/v1/audit", { onRequest: access.admin, schema }, (request) =>
    pageOfAudit(ports, undefined, request.query),
  );
  app.get("/v1/tenants/:tenant/audit", { onRequest: access.tenant("audit:read"), schema }, (request) =>
    pageOfAudit(ports, tenantOf(request).id, request.query),
  );
}

async function pageOfAudit(ports: ApiPorts, tenant: string | undefined, query: Static<typeof AuditQuery>) {
  const { cursor, limit = PAGE_LIMIT } = query;
  const action = textFilter("action", query.action);
  const by = textFilter("by", query.by);
  const since = timeFilter("since", query.since) ?? 0;
  const until = timeFilter("until", query.until);
  const bound = ["audit", tenant, action, by, query.since, query.until];
  const first = until === undefined ? undefined : { at: until, number: 0 };
  const before = cursor === undefined ? first : placeIn(ports, positionIn(bound, cursor));
  const isAny = action === undefined && by === undefined;
  const scanMax = isAny ? limit + 1 : SCAN_MAX;
  const looked = await ports.registry.listAudit({ tenant, before, since, limit: scanMax });
  const wanted = looked.filter((entry) => isWanted(entry, { action, by }));
  const rows = wanted.slice(0, limit);
  // Where more is wanted than fits, behind the last of the page; else behind what was looked at.
  const last = wanted.length > limit ? rows.at(-1) : looked.length === scanMax ? looked.at(-1) : undefined;
  return {
    data: rows.map((entry) => auditEntryView(ports, entry)),
    next_cursor: last === undefined ? null : cursorOf(bound, positionOf(ports, last)),
  };
}

function isWanted(
  entry: StoredAuditEntry,
  { action, by }: { readonly action: string | undefined; readonly by: string | undefined },
): boolean {
  const isBy = by === undefined || entry.by.key === by || entry.by.session === by;
  return isBy && (action === undefined || entry.action === action);
}

function positionOf({ ids }: ApiPorts, { at, number }: AuditPlace): string {
  return `${at} ${ids.audit(number)}`;
}

function placeIn({ ids }: ApiPorts, position: string): AuditPlace {
  const [at = "", id = ""] = position.split(" ");
  const number = ids.auditNumberOf(id);
  if (!/^\d{1,15}$/.test(at) || number === undefined) {
    throw wrongCursor();
  }
  return { at: Number(at), number };
}

function auditEntryView({ ids }: ApiPorts, entry: StoredAuditEntry) {
  const { number, at, by, tenant, action, resource, requestId, status } = entry;
  return {
    id: ids.audit(number),
    at: timestampOf(at),
    by: { kind: by.kind, key: by.key ?? null, session: by.session ?? null },
    tenant: tenant ?? null,
    action,
    resource,
    request_id: requestId,
    status,
  };
}
