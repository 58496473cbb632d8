import { useSyncExternalStore } from "react";

/** What the page hears of what happens: `off` where it does not listen, and lists are read now and then. */
export interface LiveState {
  readonly connection: "off" | "connecting" | "live" | "reconnecting";
  /** Messages that were more than the server tells. */
  readonly leftOut: number;
}

let state: LiveState = { connection: "off", leftOut: 0 };
const listeners = new Set<() => void>();

/** Changes what is shown of the live stream. */
export function setLiveState(change: Partial<LiveState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) {
    listener();
  }
}

/** The stream has ended, or was never there: whether it begins anew or comes back, one sees. */
export function noteConnecting(): void {
  setLiveState({ connection: state.connection === "off" ? "connecting" : "reconnecting" });
}

export function noteLeftOut(count: number): void {
  setLiveState({ leftOut: state.leftOut + count });
}

export function useLiveState(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentState);
}

function currentState(): LiveState {
  return state;
}
