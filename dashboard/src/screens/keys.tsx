import type { ApiKey } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Action, Dialog, DialogButtons } from "../parts/action.tsx";
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

/** The keys of a tenant: who has which, since when it was not used, and how to end it. */
export function KeysScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/keys" });
  const [isCreating, setCreating] = useState(false);
  const list = useList(["keys", tenant], async (cursor) => await api.listKeys(tenant).page(cursor), 10_000);
  return (
    <Page
      title="Keys"
      about="What the tenant's programs show to be let in, and what people sign in with."
      actions={
        <button type="button" className="button button-main" onClick={() => setCreating(true)}>
          New key
        </button>
      }
    >
      <List list={list} empty={<NoKeys tenant={tenant} />}>
        {(keys) => <KeyTable tenant={tenant} keys={keys} />}
      </List>
      {isCreating && <NewKey tenant={tenant} onClose={() => setCreating(false)} />}
    </Page>
  );
}

function NoKeys({ tenant }: { readonly tenant: string }) {
  const body = { name: "our server", scopes: ["events:write"] };
  return (
    <Empty title="No keys yet.">
      <p>A program that only sends events needs one scope; people get a role, from here.</p>
      <Command
        text={curlText(serverUrl, { method: "POST", path: `/v1/tenants/${tenant}/keys`, body })}
        label="curl command"
      />
    </Empty>
  );
}

function KeyTable({ tenant, keys }: { readonly tenant: string; readonly keys: readonly ApiKey[] }) {
  return (
    <div className="panel overflow-x-auto">
      <table className="grid-table stacks">
        <thead>
          <tr>
            <th>Name</th>
            <th>May</th>
            <th>Last used</th>
            <th>Created</th>
            <th>Ends</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, scopes, created_at, expires_at, last_used_at }) => (
            <tr key={id}>
              <td className="whole sm:max-w-60 break-words">
                {name} <code className="block text-[12px] text-muted">{id}</code>
              </td>
              <td className="whole">{scopes?.join(", ") ?? "everything of the tenant"}</td>
              <td data-column="Last used">{last_used_at === null ? "never" : <Ago at={last_used_at} />}</td>
              <td data-column="Created">
                <Ago at={created_at} />
              </td>
              <td data-column="Ends">{expires_at === null ? "never" : <Ago at={expires_at} />}</td>
              <td>
                <Action
                  label="Revoke"
                  kind="bad"
                  about={<p>It opens nothing from the next request on, and ends every session it opened.</p>}
                  call={{ method: "DELETE", path: `/v1/tenants/${tenant}/keys/${id}` }}
                  run={async () => await api.revokeKey(tenant, id)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ROLES = [
  ["admin", "everything of the tenant"],
  ["support", "sees all, and mends: retries, replays, skips, pauses"],
  ["viewer", "sees what happened, and no payloads"],
] as const;

function NewKey({ tenant, onClose }: { readonly tenant: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<(typeof ROLES)[number][0]>("support");
  const queries = useQueryClient();
  const body = { name, role };
  const create = useMutation({
    mutationFn: async () => await api.createKey(tenant, body),
    onSuccess: async () => await queries.invalidateQueries({ queryKey: ["keys", tenant] }),
  });
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={whenSubmitted(() => create.mutate())} className="space-y-4">
        {create.isSuccess ? (
          <>
            <p role="status">It is not shown again.</p>
            <Command text={create.data.key} label="key" />
          </>
        ) : (
          <>
            <Field label="Name" hint="Who or what has it.">
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
            <Field label="Role" hint={ROLES.find(([each]) => each === role)?.[1]}>
              {(given) => (
                <select
                  {...given}
                  className="input"
                  value={role}
                  onChange={({ target }) =>
                    setRole(ROLES.find(([each]) => each === target.value)?.[0] ?? "viewer")
                  }
                >
                  {ROLES.map(([each]) => (
                    <option key={each}>{each}</option>
                  ))}
                </select>
              )}
            </Field>
            <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/keys`, body }} />
          </>
        )}
        {create.isError && <Failure error={create.error} />}
        <DialogButtons isDone={create.isSuccess} onClose={onClose}>
          <button type="submit" className="button button-main" disabled={create.isPending}>
            Create key
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
