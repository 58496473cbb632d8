import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useParams, useRouteContext } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { listenToOpeners } from "./keyboard.ts";
import { useLive } from "./live.ts";
import { KeysHelp } from "./parts/keys-help.tsx";
import { LiveSign } from "./parts/live-sign.tsx";
import { Palette } from "./parts/palette.tsx";
import logo from "./posthorn.svg";
import { api } from "./session.ts";
import { mayCall } from "./text/needed-scopes.ts";
import { applyTheme, storedTheme, themeAfter } from "./theme.ts";

const SCREENS = [
  ["/t/$tenant/overview", "Overview"],
  ["/t/$tenant/endpoints", "Endpoints"],
  ["/t/$tenant/events", "Events"],
  ["/t/$tenant/deliveries", "Deliveries"],
  ["/t/$tenant/dead-letters", "Dead letters"],
  ["/t/$tenant/replays", "Replays"],
  ["/t/$tenant/playground", "Playground"],
  ["/t/$tenant/event-types", "Event types"],
  ["/t/$tenant/contracts", "Contracts"],
  ["/t/$tenant/verify", "Verify a request"],
  ["/t/$tenant/keys", "Keys"],
  ["/t/$tenant/audit", "Audit"],
] as const;

/** For administrators. */
const OF_INSTALLATION = [
  ["/tenants", "Tenants"],
  ["/traffic", "All traffic"],
  ["/audit", "All changes"],
  ["/system", "System"],
] as const;

/** What the portal leaves out: how all goes on is the sender's business, and so is sending. */
const NOT_IN_PORTAL: readonly string[] = [
  "/t/$tenant/overview",
  "/t/$tenant/playground",
  "/t/$tenant/contracts",
];
const OF_ADMINISTRATORS: readonly string[] = ["/t/$tenant/keys"];
const AUDIT = "/t/$tenant/audit";
const SENDS: readonly string[] = ["/t/$tenant/playground"];

const LINK = "screen-link";

/** What stands around every screen. */
export function Shell() {
  const { tenant } = useParams({ strict: false });
  useLive(tenant);
  const screens = useScreens();
  const [opened, setOpened] = useState<"palette" | "keys">();
  useEffect(() => listenToOpeners(setOpened), []);
  const close = () => setOpened(undefined);
  return (
    <div className="md:grid md:min-h-screen md:grid-cols-[13rem_1fr]">
      <button
        type="button"
        className="button sr-only focus:not-sr-only focus:absolute"
        onClick={() => document.querySelector<HTMLElement>("#screen")?.focus()}
      >
        Past the navigation
      </button>
      <header className="border-b border-line bg-panel md:sticky md:top-0 md:h-screen md:border-r">
        <Navigation screens={screens} onKeys={() => setOpened("keys")} />
      </header>
      <main id="screen" tabIndex={-1} className="min-w-0 outline-none">
        <Outlet />
      </main>
      {opened === "palette" && <Palette screens={screens} ofInstallation={OF_INSTALLATION} onClose={close} />}
      {opened === "keys" && <KeysHelp onClose={close} />}
    </div>
  );
}

/** The screens of a tenant that are for whoever is signed in. */
function useScreens(): readonly (typeof SCREENS)[number][] {
  const { session } = useRouteContext({ from: "__root__" });
  const { tenant } = useParams({ strict: false });
  const mayPlay = mayCall(session, { method: "POST", path: `/v1/tenants/${tenant}/events` });
  const mayAudit = mayCall(session, { method: "GET", path: `/v1/tenants/${tenant}/audit` });
  return SCREENS.filter(
    ([to]) =>
      !(session.is_portal && NOT_IN_PORTAL.includes(to)) &&
      (mayPlay || !SENDS.includes(to)) &&
      (mayAudit || to !== AUDIT) &&
      (session.kind === "admin" || !OF_ADMINISTRATORS.includes(to)),
  );
}

interface NavigationProps {
  readonly screens: readonly (typeof SCREENS)[number][];
  readonly onKeys: () => void;
}

function Navigation({ screens, onKeys }: NavigationProps) {
  const { session } = useRouteContext({ from: "__root__" });
  const { tenant } = useParams({ strict: false });
  const { isOpen, setOpen } = useNarrowMenu();
  return (
    <div className="flex h-full flex-col gap-1 p-3 max-md:py-2">
      <div className="flex items-center justify-between gap-2 md:mb-3">
        <Link to="/" className="flex items-center gap-2 px-1 text-base font-semibold tracking-tight">
          {!session.is_portal && <img src={logo} alt="" width={26} height={26} />}
          {session.is_portal ? "Webhooks" : "Posthorn"}
        </Link>
        {tenant !== undefined && !session.is_portal && (
          <span className="ml-auto min-w-0 truncate text-muted md:hidden">{tenant}</span>
        )}
        <button
          type="button"
          className="button md:hidden"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          Screens
        </button>
      </div>
      <nav
        aria-label="Screens"
        className={`${isOpen ? "max-md:grid" : "max-md:hidden"} grid-cols-2 gap-1 md:flex md:flex-col`}
      >
        {session.kind === "admin" && (
          <>
            {OF_INSTALLATION.map(([to, name]) => (
              <Link key={to} to={to} className={LINK} activeOptions={{ exact: true, includeSearch: false }}>
                {name}
              </Link>
            ))}
          </>
        )}
        {tenant !== undefined && (
          <>
            <p
              hidden={session.is_portal}
              className="col-span-2 truncate px-2.5 pt-4 pb-1 text-[12px] text-muted"
              title={tenant}
            >
              Tenant <span className="font-medium text-ink">{tenant}</span>
            </p>
            {screens.map(([to, name]) => (
              <Link key={to} to={to} params={{ tenant }} className={LINK}>
                {name}
              </Link>
            ))}
          </>
        )}
      </nav>
      <div className={`${isOpen ? "" : "max-md:hidden"} mt-auto`}>
        <Foot onKeys={onKeys} isLive={tenant !== undefined} />
      </div>
    </div>
  );
}

/** Where there is no room beside a screen, the others are behind a button until one of them is chosen. */
function useNarrowMenu() {
  const place = useLocation({ select: ({ pathname }) => pathname });
  const [openAt, setOpenAt] = useState<string>();
  return {
    isOpen: openAt === place,
    setOpen: (isOpen: boolean) => setOpenAt(isOpen ? place : undefined),
  };
}

interface FootProps {
  readonly onKeys: () => void;
  /** Whether there is something to follow. */
  readonly isLive: boolean;
}

function Foot({ onKeys, isLive }: FootProps) {
  const [theme, setTheme] = useState(storedTheme);
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: async () => await api.signOut(),
    onSettled: async () => {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      await queries.resetQueries({ queryKey: ["session"] });
    },
  });
  const next = themeAfter(theme);
  return (
    <div className="flex flex-wrap items-center pt-3">
      {isLive && (
        <div className="mb-1 w-full px-1">
          <LiveSign />
        </div>
      )}
      <button
        type="button"
        className="button button-quiet"
        title={`Switch to ${next}`}
        onClick={() => {
          applyTheme(next);
          setTheme(next);
        }}
      >
        Theme: {theme}
      </button>
      <button type="button" className="button button-quiet" onClick={onKeys}>
        Shortcuts
      </button>
      <button type="button" className="button button-quiet" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </div>
  );
}
