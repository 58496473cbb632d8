import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useRouteContext } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { api } from "../session.ts";
import { type Choice, idIn, matching } from "../text/choices.ts";
import { Dialog } from "./action.tsx";
import { useEndpoints } from "./use-endpoints.ts";

const SHOWN_MAX = 12;

interface PaletteProps {
  /** Of this tenant, for whoever is signed in. */
  readonly screens: readonly (readonly [string, string])[];
  /** For administrators, whatever the tenant. */
  readonly ofInstallation: readonly (readonly [string, string])[];
  readonly onClose: () => void;
}

/** Goes anywhere by its name: a list that is chosen from by typing, as `combobox` of WAI-ARIA has it. */
export function Palette({ screens, ofInstallation, onClose }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const all = useChoices({ screens, ofInstallation }, typed);
  const found = [...all.byId, ...matching(all.named, typed, SHOWN_MAX)];
  const chosen = found[Math.min(at, found.length - 1)];
  const run = (choice: Choice | undefined) => {
    if (choice !== undefined) {
      onClose();
      choice.run();
    }
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + by + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-label="Screen, tenant, endpoint, or an id"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
        autoComplete="off"
        autoFocus
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={list} role="listbox" aria-label="What was found" className="mt-2 max-h-80 overflow-y-auto">
        {found.map((choice) => (
          <div
            key={choice.id}
            id={`${list}-${choice.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            className="flex cursor-pointer gap-3 rounded-md px-2 py-1.5 aria-selected:bg-accent-soft"
            onClick={() => run(choice)}
            onKeyDown={press}
          >
            <span className="w-16 shrink-0 text-muted">{choice.kind}</span>
            <span className="min-w-0 truncate">{choice.name}</span>
          </div>
        ))}
      </div>
      <p role="status" className="mt-1 px-2 text-[12px] text-muted">
        {found.length === 0 ? "Nothing has this name." : `${found.length} found`}
      </p>
    </Dialog>
  );
}

function useChoices({ screens, ofInstallation }: Omit<PaletteProps, "onClose">, typed: string) {
  const { tenant } = useParams({ strict: false });
  const { session } = useRouteContext({ from: "__root__" });
  const navigate = useNavigate();
  const tenants = useQuery({
    queryKey: ["palette-tenants"],
    queryFn: async () => (await api.listTenants({ limit: 100 }).page()).data,
    enabled: session.kind === "admin",
    staleTime: 60_000,
  });
  // Read once, when it opens: the page behind it stays as it is.
  const actions = useMemo(actionsOfPage, []);
  const given = idIn(typed);
  const byId: Choice[] =
    given === undefined || tenant === undefined
      ? []
      : [{ id: given.id, kind: given.kind, name: given.id, run: () => void goTo(given) }];
  const goTo = async ({ kind, id }: NonNullable<typeof given>) => {
    const to = tenant ?? "";
    switch (kind) {
      case "Event":
        return await navigate({ to: "/t/$tenant/events/$event", params: { tenant: to, event: id } });
      case "Attempt":
        return await navigate({ to: "/t/$tenant/attempts/$attempt", params: { tenant: to, attempt: id } });
      case "Endpoint":
        return await navigate({ to: "/t/$tenant/endpoints/$endpoint", params: { tenant: to, endpoint: id } });
    }
  };
  const ofTenant = useTenantChoices(tenant, screens);
  const ofAll: readonly Choice[] =
    session.kind === "admin"
      ? [
          ...ofInstallation.map(
            ([to, name]): Choice => ({
              id: `of-all-${name.replaceAll(" ", "-")}`,
              kind: "Screen",
              name,
              run: () => void navigate({ to }),
            }),
          ),
          ...(tenants.data ?? []).map(
            ({ id, name }): Choice => ({
              id: `tenant-${id}`,
              kind: "Tenant",
              name: name === id ? id : `${name} (${id})`,
              run: () => void navigate({ to: "/t/$tenant/overview", params: { tenant: id } }),
            }),
          ),
        ]
      : [];
  return { byId, named: [...actions, ...ofTenant, ...ofAll] };
}

function useTenantChoices(tenant: string | undefined, screens: PaletteProps["screens"]): readonly Choice[] {
  const navigate = useNavigate();
  const { endpoints } = useEndpoints(tenant);
  if (tenant === undefined) {
    return [];
  }
  return [
    ...screens.map(
      ([to, name]): Choice => ({
        id: name.replaceAll(" ", "-"),
        kind: "Screen",
        name,
        run: () => void navigate({ to, params: { tenant } }),
      }),
    ),
    ...endpoints.map(
      ({ id, url }): Choice => ({
        id: `endpoint-${id}`,
        kind: "Endpoint",
        name: url,
        run: () => void navigate({ to: "/t/$tenant/endpoints/$endpoint", params: { tenant, endpoint: id } }),
      }),
    ),
  ];
}

/** What the head of the page offers to do. */
function actionsOfPage(): readonly Choice[] {
  const found = document.querySelectorAll<HTMLElement>(
    "#screen [data-actions] :is(button:not(:disabled), a)",
  );
  return [...found].map((element, place) => ({
    id: `action-${place}`,
    kind: "Do",
    name: element.textContent,
    run: () => element.click(),
  }));
}
