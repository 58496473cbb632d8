/** Which key a request must show. */
export interface NeededKey {
  /** How it is shown: `Authorization: Bearer`, or spektr's `x-api-key`. */
  readonly scheme: "bearer" | "spektr";
  /** As it goes on after "needs". */
  readonly what: string;
}

const NEEDED = new WeakMap<object, NeededKey>();

/** Notes which key a hook asks for, so that a description can say it. Returns the hook. */
export function asking<Hook extends object>(needed: NeededKey, hook: Hook): Hook {
  NEEDED.set(hook, needed);
  return hook;
}

export function neededKeyOf(hook: object): NeededKey | undefined {
  return NEEDED.get(hook);
}
