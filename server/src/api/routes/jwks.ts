import type { Contract, Jwk } from "@posthorn/contracts/contract";
import { isLive, type SealedSecret } from "../../model/secret.ts";
import { type Access, notFound } from "../access.ts";
import { endpointIn } from "../endpoint-path.ts";
import type { Api, ApiPorts } from "../ports.ts";

// How long a receiver may go without hearing of a new key: a rotation's overlap should not be shorter.
const FRESH_SECONDS_MAX = 300;

/**
 * `/v1/tenants/{tenant}/endpoints/{endpoint}/jwks.json`: the public keys of an endpoint's live secrets as a
 * JWK Set (RFC 7517), for whoever knows the endpoint's id, which cannot be guessed.
 *
 * It reads what is public and stored in clear; no secret is opened for it.
 */
export function addJwksRoute(app: Api, ports: ApiPorts, access: Access): void {
  const path = "/v1/tenants/:tenant/endpoints/:endpoint/jwks.json";

  app.get(path, { onRequest: access.everyone }, async (request, reply) => {
    const endpoint = await endpointIn(ports, request);
    const now = ports.clock.now();
    const live = endpoint?.secrets.filter((secret) => isLive(secret, now)) ?? [];
    const keys = endpoint === undefined ? [] : jwksOf(live, ports.contracts.get(endpoint.contract));
    // An endpoint without public keys has nothing here that anyone could see, not even that it exists.
    if (keys.length === 0) {
      throw notFound();
    }
    return reply
      .header("cache-control", `public, max-age=${freshSeconds(live, now)}`)
      .type("application/jwk-set+json")
      .send({ keys });
  });
}

function jwksOf(live: readonly SealedSecret[], contract: Contract | undefined): readonly Jwk[] {
  return live.flatMap(({ publicKey }) => {
    const jwk = publicKey === undefined ? undefined : contract?.jwkOf?.(publicKey);
    return jwk === undefined ? [] : [jwk];
  });
}

/** No answer is fresh beyond the end of a key in it. */
function freshSeconds(live: readonly SealedSecret[], now: number): number {
  const ends = live.map(({ expiresAt }) => expiresAt).filter((end) => end !== undefined);
  return Math.min(FRESH_SECONDS_MAX, ...ends.map((end) => Math.floor((end - now) / 1000)));
}
