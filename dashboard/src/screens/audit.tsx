import type { Page as PageOf } from "@posthorn/client/call";
import type { AuditEntry } from "@posthorn/client/operations";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Ago } from "../parts/ago.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { api } from "../session.ts";

const LIMIT = 50;
const NAMES = ["action", "by", "since", "until"];

/** What is looked for in the audit log, as the API has it. */
export interface AuditFilters {
  readonly action?: string | undefined;
  readonly by?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Who changed what of a tenant. */
export function TenantAuditScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/audit" });
  const filters = useSearch({ from: "/t/$tenant/audit" });
  const navigate = useNavigate({ from: "/t/$tenant/audit" });
  return (
    <AuditLog
      about="Who changed what of this tenant: by a key, in the dashboard, or in the portal."
      list={["audit", tenant]}
      filters={filters}
      onFilter={(search) => void navigate({ search })}
      read={async (cursor) => await api.listTenantAudit(tenant, { ...filters, limit: LIMIT }).page(cursor)}
    />
  );
}

/** Who changed what of the installation, of all its tenants. */
export function AuditScreen() {
  const filters = useSearch({ from: "/audit" });
  const navigate = useNavigate({ from: "/audit" });
  return (
    <AuditLog
      about="Who changed what of this installation and of all its tenants."
      list={["audit"]}
      filters={filters}
      onFilter={(search) => void navigate({ search })}
      read={async (cursor) => await api.listAudit({ ...filters, limit: LIMIT }).page(cursor)}
    />
  );
}

interface AuditLogProps {
  readonly about: string;
  readonly list: readonly string[];
  readonly filters: AuditFilters;
  readonly onFilter: (filters: AuditFilters) => void;
  readonly read: (cursor: string | undefined) => Promise<PageOf<AuditEntry>>;
}

function AuditLog({ about, list: key, filters, onFilter, read }: AuditLogProps) {
  const list = useList([...key, filters], read, 10_000);
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Page title="Audit" about={about}>
      <FilterBar names={NAMES} filters={{ ...filters }} onChange={onFilter} />
      <List
        list={list}
        empty={
          <Empty title={isFiltered ? "Nothing of the kind was done." : "Nothing was changed yet."}>
            {!isFiltered && (
              <p>Whatever is created, changed, replayed or erased by the API or from here is written down.</p>
            )}
          </Empty>
        }
      >
        {(entries) => <AuditTable entries={entries} onFilter={(more) => onFilter({ ...filters, ...more })} />}
      </List>
    </Page>
  );
}

interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  readonly onFilter: (more: AuditFilters) => void;
}

function AuditTable({ entries, onFilter }: AuditTableProps) {
  return (
    <div className="panel overflow-x-auto">
      <table className="grid-table stacks">
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>Did</th>
            <th>To</th>
            <th>Request</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <Ago at={entry.at} />
              </td>
              <td>
                <Who by={entry.by} onFilter={onFilter} />
              </td>
              <td>
                <button
                  type="button"
                  className="link font-medium"
                  onClick={() => onFilter({ action: entry.action })}
                >
                  {entry.action}
                </button>
              </td>
              <td className="whole">
                <Resource entry={entry} />
              </td>
              <td>
                <code className="text-[12px] text-muted">{entry.request_id}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const KINDS = { admin: "an administrator", tenant: "the tenant", portal: "the portal" } as const;

function Who({ by, onFilter }: { readonly by: AuditEntry["by"] } & Pick<AuditTableProps, "onFilter">) {
  const ids = [by.key, by.session].filter((id) => id !== null);
  return (
    <>
      {KINDS[by.kind]}
      {ids.map((id) => (
        <button
          key={id}
          type="button"
          className="link block font-mono text-[12px]"
          onClick={() => onFilter({ by: id })}
        >
          {id}
        </button>
      ))}
    </>
  );
}

function Resource({ entry: { tenant, resource } }: { readonly entry: AuditEntry }) {
  const { tenant: shown } = useParams({ strict: false });
  const { endpoint, ...others } = resource;
  // Whose log it is need not be said in each row, but where there is nothing else to say.
  const isKnown = tenant === shown && Object.keys(resource).some((name) => name !== "tenant");
  return (
    <div className="space-y-0.5 text-[12px]">
      {tenant !== null && !isKnown && (
        <div>
          tenant <code>{tenant}</code>
        </div>
      )}
      {endpoint !== undefined && (
        <div>
          endpoint{" "}
          {tenant === null ? (
            <code>{endpoint}</code>
          ) : (
            <Link
              to="/t/$tenant/endpoints/$endpoint"
              params={{ tenant, endpoint }}
              className="link font-mono"
            >
              {endpoint}
            </Link>
          )}
        </div>
      )}
      {Object.entries(others)
        .filter(([name, id]) => !(name === "tenant" && id === tenant))
        .map(([name, id]) => (
          <div key={name}>
            {name} <code>{id}</code>
          </div>
        ))}
    </div>
  );
}
