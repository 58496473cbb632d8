import { useRouteContext } from "@tanstack/react-router";
import type { ApiCall } from "../text/curl.ts";
import { mayCall } from "../text/needed-scopes.ts";

/** Whether who is signed in may make a call: what they may not, no screen offers. */
export function useMay(call: ApiCall): boolean {
  const { session } = useRouteContext({ from: "__root__" });
  return mayCall(session, call);
}
