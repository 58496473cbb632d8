/** Since when something holds of endpoints, by number, in milliseconds since 1970: of no others it does. */
export type SinceByEndpoint = Map<number, number>;

/** Sets since when it holds of an endpoint; undefined: it does not. */
export function setSince(known: SinceByEndpoint, endpoint: number, since: number | undefined): void {
  if (since === undefined) {
    known.delete(endpoint);
  } else {
    known.set(endpoint, since);
  }
}
