import type { EventType } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { isPortal } from "../place.ts";
import { api } from "../session.ts";
import { typeOfSchema } from "../text/type-of-schema.ts";
import { Action } from "./action.tsx";
import { Ago } from "./ago.tsx";
import { Command } from "./command.tsx";
import { EventTypeForm } from "./event-type-form.tsx";
import { JsonView } from "./json-view.tsx";
import { Facts } from "./page.tsx";
import { useMay } from "./permission.ts";

interface EventTypeDetailsProps {
  readonly tenant: string;
  readonly type: EventType;
  /** Whether the tenant knows it: else it is another contract's. */
  readonly isOwn: boolean;
}

/** What events of a type say: described, by an example, by a type and by a schema. */
export function EventTypeDetails({ tenant, type, isOwn }: EventTypeDetailsProps) {
  const [isChanging, setChanging] = useState(false);
  const { name, description, schema, example, deprecated, successor } = type;
  const maySend = useMay({ method: "POST", path: `/v1/tenants/${tenant}/events` });
  return (
    <section aria-label={name} className="min-w-0 space-y-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h2 className="text-base font-semibold break-all">{name}</h2>
        <span className="flex flex-wrap gap-2">
          <InEveryContract tenant={tenant} type={name} />
          {maySend && <SendOne tenant={tenant} type={name} />}
          {maySend && isOwn && type.registered && (
            <>
              <button type="button" className="button" onClick={() => setChanging(true)}>
                Change
              </button>
              <Remove tenant={tenant} name={name} />
            </>
          )}
        </span>
      </div>
      {isChanging && <EventTypeForm tenant={tenant} type={type} onClose={() => setChanging(false)} />}
      {deprecated && (
        <p className="border-l-2 border-warn pl-3">
          Deprecated{successor === null ? "." : `: use ${successor} instead.`}
        </p>
      )}
      <p>{description ?? <span className="text-muted">Nobody has described it.</span>}</p>
      <Facts
        facts={[
          ["Described by", type.registered ? "this tenant" : `the contract ${type.contract}`],
          ["Events that do not fit", MEANINGS[type.validation]],
          ["Version of the schema", type.schema_version ?? "none of your own"],
          ["Changed", <Ago key="changed" at={type.updated_at} />],
        ]}
      />
      {example !== null && (
        <div>
          <h3 className="mb-1 font-medium">Example</h3>
          <JsonView text={JSON.stringify(example)} label="example" rawName="In one line" />
        </div>
      )}
      {schema === null ? (
        <p className="text-muted">It has no schema: any data fits.</p>
      ) : (
        <>
          <div>
            <h3 className="mb-1 font-medium">TypeScript</h3>
            <Command text={typeOfSchema(name, schema)} label="TypeScript type" />
          </div>
          <div>
            <h3 className="mb-1 font-medium">JSON Schema</h3>
            <JsonView text={JSON.stringify(schema)} label="schema" rawName="In one line" />
          </div>
        </>
      )}
    </section>
  );
}

const MEANINGS: Readonly<Record<EventType["validation"], string>> = {
  off: "are not looked for",
  warn: "are taken, with a warning",
  reject: "are refused",
};

function Remove({ tenant, name }: { readonly tenant: string; readonly name: string }) {
  return (
    <Action
      label="Remove"
      kind="bad"
      about={
        <p>
          Nothing is known of {name} any more, but what the contract&apos;s catalogue says. Its events are not
          checked; those that were accepted stay.
        </p>
      }
      call={{
        method: "DELETE",
        path: `/v1/tenants/${tenant}/event-types/${encodeURIComponent(name)}`,
      }}
      run={async () => await api.deleteEventType(tenant, name)}
    />
  );
}

function SendOne({ tenant, type }: { readonly tenant: string; readonly type: string }) {
  return (
    <Link to="/t/$tenant/playground" params={{ tenant }} search={{ type }} className="button">
      Send one
    </Link>
  );
}

/** Leads to what each contract makes of it: not in the portal, which has no such screen. */
function InEveryContract({ tenant, type }: { readonly tenant: string; readonly type: string }) {
  const may = useMay({ method: "POST", path: `/v1/tenants/${tenant}/renderings` });
  return may && !isPortal ? (
    <Link to="/t/$tenant/contracts" params={{ tenant }} search={{ type }} className="button">
      In every contract
    </Link>
  ) : null;
}
