import { useSyncExternalStore } from "react";

const NAME = "posthorn-shortcuts";
const listeners = new Set<() => void>();
let areOn = stored();

function stored(): boolean {
  // In a frame of another site a browser may keep nothing at all.
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

/** Says whether keys without a modifier mean something: whoever speaks to the computer turns them off. */
export function areShortcutsOn(): boolean {
  return areOn;
}

/** Turns them on or off, and remembers it. */
export function setShortcuts(isOn: boolean): void {
  areOn = isOn;
  try {
    localStorage.setItem(NAME, isOn ? "on" : "off");
  } catch {
    // It is remembered until the page is left.
  }
  for (const listener of listeners) {
    listener();
  }
}

export function useShortcuts(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, areShortcutsOn);
}
