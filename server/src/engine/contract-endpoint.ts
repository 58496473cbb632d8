import type { ContractEndpoint } from "@posthorn/contracts/contract";
import { isLive } from "../model/secret.ts";
import type { Route } from "./routes.ts";

/** What the contract sees at a time: a route may have been loaded long before a secret's end. */
export function endpointAt({ view, secrets }: Route, at: number): ContractEndpoint {
  const live = secrets.filter((secret) => isLive(secret, at));
  return { ...view, secrets: live.map(({ text }) => text) };
}
