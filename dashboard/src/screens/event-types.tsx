import type { CatalogueType, EventType } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Badge } from "../parts/badge.tsx";
import { EventTypeDetails } from "../parts/event-type-details.tsx";
import { EventTypeForm } from "../parts/event-type-form.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { Empty, Loading, Page } from "../parts/page.tsx";
import { useMay } from "../parts/permission.ts";
import { useContracts } from "../parts/use-contracts.ts";
import { useEventTypes } from "../parts/use-event-types.ts";
import { isPortal } from "../place.ts";
import { api } from "../session.ts";

/** What a tenant's events may be, and what any contract's catalogue has. */
export function EventTypesScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/event-types" });
  const { contract, type } = useSearch({ from: "/t/$tenant/event-types" });
  const navigate = useNavigate({ from: "/t/$tenant/event-types" });
  const [isRegistering, setRegistering] = useState(false);
  const known = useTypesOf(tenant, contract);
  const mayRegister = useMay({ method: "POST", path: `/v1/tenants/${tenant}/event-types` });
  const chosen = known.types.find(({ name }) => name === type);
  return (
    <Page
      title="Event types"
      about="What can happen: each with what its data is, an example, and a type for whoever receives it."
      actions={
        contract === undefined &&
        mayRegister && (
          <button type="button" className="button" onClick={() => setRegistering(true)}>
            Register a type
          </button>
        )
      }
    >
      {isRegistering && (
        <EventTypeForm
          tenant={tenant}
          onClose={(name) => {
            setRegistering(false);
            void (name !== undefined && navigate({ search: { type: name } }));
          }}
        />
      )}
      <Sources contract={contract} />
      {known.error !== null && <Failure error={known.error} onRetry={known.retry} />}
      {known.isPending ? (
        <Loading />
      ) : known.types.length === 0 ? (
        known.error === null && <None tenant={tenant} isOwn={contract === undefined} />
      ) : (
        <div className="grid gap-5 lg:grid-cols-[20rem_minmax(0,1fr)]">
          <Names tenant={tenant} known={known} />
          {chosen === undefined ? (
            <p className="px-1 py-4 text-muted">Choose a type to see what its events say.</p>
          ) : (
            <EventTypeDetails
              key={chosen.name}
              tenant={tenant}
              type={chosen}
              isOwn={contract === undefined}
            />
          )}
        </div>
      )}
    </Page>
  );
}

interface TypesOf {
  readonly types: readonly EventType[];
  readonly isPartial: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The types of the tenant, or of one contract's catalogue. */
function useTypesOf(tenant: string, contract: string | undefined): TypesOf {
  const own = useEventTypes(tenant);
  const catalogue = useQuery({
    queryKey: ["catalogue", contract],
    queryFn: async () => (await api.listCatalogueTypes({ contract }).page()).data.map(asKnown),
    enabled: contract !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { isPending, error } = contract === undefined ? own : catalogue;
  return {
    types: contract === undefined ? (own.data?.types ?? []) : (catalogue.data ?? []),
    isPartial: contract === undefined && own.data?.isPartial === true,
    isPending,
    error,
    retry: () => void (contract === undefined ? own : catalogue).refetch(),
  };
}

/** A type of a catalogue, as a tenant would know it that has registered nothing. */
function asKnown(type: CatalogueType): EventType {
  return {
    ...type,
    registered: false,
    schema_version: null,
    validation: "off",
    created_at: null,
    updated_at: null,
  };
}

function Sources({ contract }: { readonly contract: string | undefined }) {
  const navigate = useNavigate({ from: "/t/$tenant/event-types" });
  const { data = [] } = useContracts();
  const described = data.filter(({ event_types }) => event_types.length > 0);
  return (
    <div className="mb-4 max-w-xs">
      <Field
        label="Catalogue"
        hint={isPortal ? undefined : "A tenant knows its own types and those of its contract."}
      >
        {(given) => (
          <select
            {...given}
            className="input"
            value={contract ?? ""}
            onChange={({ target }) =>
              void navigate({ search: target.value === "" ? {} : { contract: target.value } })
            }
          >
            <option value="">{isPortal ? "what you may get" : "what this tenant knows"}</option>
            {described.map(({ name, event_types }) => (
              <option key={name} value={name}>
                {name} ({event_types.length})
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function None({ tenant, isOwn }: { readonly tenant: string; readonly isOwn: boolean }) {
  return (
    <Empty title={isOwn ? "No event types yet." : "This contract describes no types."}>
      {isOwn && (
        <p>
          Any type can be sent without being registered. Register those you want to describe: their events are
          then checked against a schema, and receivers find them here. Look at the catalogue of a contract
          above, or{" "}
          <Link to="/t/$tenant/playground" params={{ tenant }} className="link underline">
            send an event of any type
          </Link>
          .
        </p>
      )}
    </Empty>
  );
}

const NAME = "flex flex-wrap gap-2 px-3 py-1.5 break-all aria-[current=page]:bg-accent-soft";

function Names({
  tenant,
  known: { types, isPartial },
}: {
  readonly tenant: string;
  readonly known: TypesOf;
}) {
  const search = useSearch({ from: "/t/$tenant/event-types" });
  const [wanted, setWanted] = useState("");
  const found = types.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div className="min-w-0">
      <input
        type="search"
        data-search=""
        aria-label="Search by name"
        placeholder="Search by name"
        className="input mb-2"
        value={wanted}
        onChange={({ target }) => setWanted(target.value)}
      />
      <ul aria-label="Event types" tabIndex={0} className="panel max-h-[32rem] overflow-y-auto">
        {found.map(({ name, deprecated, registered }) => (
          <li key={name} className="border-b border-line last:border-0">
            <Link
              to="/t/$tenant/event-types"
              params={{ tenant }}
              search={{ ...search, type: name }}
              className={NAME}
              data-row=""
            >
              {name}
              {registered && <Badge tone="accent">own</Badge>}
              {deprecated && <Badge tone="warn">deprecated</Badge>}
            </Link>
          </li>
        ))}
      </ul>
      <p role="status" className="mt-1 text-[12px] text-muted">
        {found.length} of {types.length}
        {isPartial ? " or more: the rest is not listed here" : ""}
      </p>
    </div>
  );
}
