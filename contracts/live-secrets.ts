import type { ContractEndpoint } from "./contract.ts";

/** Returns the live secrets, newest first. Throws where there is none: such an endpoint is never stored. */
export function liveSecrets(endpoint: ContractEndpoint): readonly [newest: string, ...older: string[]] {
  const [newest, ...older] = endpoint.secrets;
  if (newest === undefined) {
    throw new Error(`${endpoint.id} needs a live secret: its contract sends nothing without one`);
  }
  return [newest, ...older];
}
