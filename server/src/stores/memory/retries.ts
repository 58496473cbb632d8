import { type DeliveryKey, LIVE, type Retry } from "../../model/delivery.ts";
import type { State } from "./state.ts";

/** Writes a retry, in each of the orders it is kept in. */
export function putRetry(state: State, retry: Retry): void {
  removeRetry(state, retry);
  state.retries.put(retry);
  state.due.put(retry);
}

export function removeRetry(state: State, key: DeliveryKey): void {
  const retry = state.retries.find(key);
  if (retry !== undefined) {
    state.retries.remove(retry);
    state.due.remove(retry);
  }
}

/** Returns the retries of an endpoint on every cursor. */
export function retriesOf(state: State, endpoint: number): readonly Retry[] {
  const { rows, countBefore } = state.retries;
  const first = { cursor: LIVE, offset: 0 };
  return rows.slice(countBefore({ ...first, endpoint }), countBefore({ ...first, endpoint: endpoint + 1 }));
}
