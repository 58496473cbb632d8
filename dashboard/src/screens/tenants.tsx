import type { Tenant } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "../parts/action.tsx";
import { Ago } from "../parts/ago.tsx";
import { Command, Curl } from "../parts/command.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { whenSubmitted } from "../parts/when-submitted.ts";
import { serverUrl } from "../place.ts";
import { api } from "../session.ts";
import { curlText } from "../text/curl.ts";

export function TenantsScreen() {
  const [isCreating, setCreating] = useState(false);
  const list = useList(["tenants"], async (cursor) => await api.listTenants().page(cursor), 10_000);
  return (
    <Page
      title="Tenants"
      about="Whose events and endpoints there are: a customer, an environment, a company. Nothing crosses."
      actions={
        <button type="button" className="button button-main" onClick={() => setCreating(true)}>
          New tenant
        </button>
      }
    >
      <List list={list} empty={<NoTenants />}>
        {(tenants) => (
          <>
            <TenantTable tenants={tenants} />
            {tenants.every(({ id }) => id === OPERATOR) && (
              <div className="mt-4">
                <NoTenants />
              </div>
            )}
          </>
        )}
      </List>
      {isCreating && <NewTenant onClose={() => setCreating(false)} />}
    </Page>
  );
}

// Every installation has this one, for what it tells of itself.
const OPERATOR = "posthorn";

function NoTenants() {
  return (
    <Empty title="No tenants of yours yet.">
      <p>
        Make one for each customer or environment that you send webhooks for. It takes an id of yours, or
        makes one.
      </p>
      <Command
        text={curlText(serverUrl, {
          method: "POST",
          path: "/v1/tenants",
          body: { id: "acme", name: "Acme" },
        })}
        label="curl command"
      />
    </Empty>
  );
}

function TenantTable({ tenants }: { readonly tenants: readonly Tenant[] }) {
  return (
    <div className="panel overflow-x-auto">
      <table className="grid-table stacks">
        <thead>
          <tr>
            <th>Name</th>
            <th>Id</th>
            <th>Contract</th>
            <th>Created</th>
          </tr>
        </thead>
        <tbody>
          {tenants.map(({ id, name, contract, created_at }) => (
            <tr key={id}>
              <td className="whole">
                <Link
                  to="/t/$tenant/overview"
                  params={{ tenant: id }}
                  className="link font-medium"
                  data-row=""
                >
                  {name}
                </Link>
              </td>
              <td>
                <code>{id}</code>
              </td>
              <td>{contract ?? <span className="text-muted">default</span>}</td>
              <td data-column="Created">
                <Ago at={created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewTenant({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const body = { name, ...(id === "" ? {} : { id }) };
  const create = useMutation({
    mutationFn: async () => await api.createTenant(body),
    onSuccess: async (tenant) => {
      await queries.invalidateQueries({ queryKey: ["tenants"] });
      await navigate({ to: "/t/$tenant/endpoints", params: { tenant: tenant.id } });
    },
  });
  return (
    <Dialog title="New tenant" onClose={onClose}>
      <form onSubmit={whenSubmitted(() => create.mutate())} className="space-y-4">
        <Field label="Name" hint="For people.">
          {(given) => (
            <input
              {...given}
              className="input"
              required
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Id" hint="In paths of the API: letters, digits, - and _. Empty: one is made.">
          {(given) => (
            <input
              {...given}
              className="input font-mono"
              value={id}
              onChange={({ target }) => setId(target.value)}
            />
          )}
        </Field>
        <Curl call={{ method: "POST", path: "/v1/tenants", body }} />
        {create.isError && <Failure error={create.error} />}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" onClick={onClose}>
            Back
          </button>
          <button type="submit" className="button button-main" disabled={create.isPending}>
            Create tenant
          </button>
        </div>
      </form>
    </Dialog>
  );
}
