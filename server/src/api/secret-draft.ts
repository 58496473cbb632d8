import type { Contract } from "@posthorn/contracts/contract";
import type { Endpoint } from "../model/endpoint.ts";
import { isLive } from "../model/secret.ts";
import type { Tenant } from "../model/tenant.ts";
import type { SecretDraft } from "../registry.ts";
import { secretContext } from "../seal.ts";
import type { ApiPorts } from "./ports.ts";

/** Makes of a secret in clear what is stored of it: the seal, and its public half where it has one. */
export function secretDraft(
  { seal }: Pick<ApiPorts, "seal">,
  {
    tenant,
    contract,
    secret,
  }: { readonly tenant: Tenant; readonly contract: Contract; readonly secret: string },
): SecretDraft {
  return {
    seal: (endpoint) => seal.seal(secret, secretContext(tenant.number, endpoint)),
    publicKey: contract.publicKeyOf?.(secret),
  };
}

/** Opens the live secrets of an endpoint, newest first, for its contract alone. */
export function openSecrets(
  { seal, clock }: Pick<ApiPorts, "seal" | "clock">,
  { tenant, number, secrets }: Endpoint,
): readonly string[] {
  return secrets
    .filter((secret) => isLive(secret, clock.now()))
    .map(({ sealed }) => seal.unseal(sealed, secretContext(tenant, number)));
}
