import type { SecretPlace, SecretRegistry } from "../../secret-registry.ts";
import type { State } from "./state.ts";

/** Sealed secrets over a state in memory. */
export function createSecrets(state: State): SecretRegistry {
  return {
    async readSealed(after, limit) {
      const from = after ?? { endpoint: 0, number: 0 };
      return state.endpoints
        .flatMap(({ tenant, number: endpoint, secrets }) =>
          secrets.map(({ number, sealed }) => ({ tenant, endpoint, number, sealed })),
        )
        .filter((place) => comparePlaces(place, from) > 0)
        .sort(comparePlaces)
        .slice(0, limit);
    },
    async replaceSealed(replacements) {
      let replaced = 0;
      for (const { endpoint: number, number: secretNumber, seen, sealed } of replacements) {
        const endpoint = state.endpoints[number - 1];
        const secret = endpoint?.secrets.find((known) => known.number === secretNumber);
        if (endpoint === undefined || secret === undefined || Buffer.compare(secret.sealed, seen) !== 0) {
          continue;
        }
        const secrets = endpoint.secrets.map((known) => (known === secret ? { ...known, sealed } : known));
        state.endpoints[number - 1] = { ...endpoint, secrets };
        replaced += 1;
      }
      return replaced;
    },
  };
}

function comparePlaces(one: SecretPlace, other: SecretPlace): number {
  return one.endpoint - other.endpoint || one.number - other.number;
}
