import { enter, leave, type Run } from "./run.ts";

/** Says whether a value keeps one keyword, and tells what does not. */
export type Rule = (value: unknown, run: Run) => boolean;

/** A schema that was read. It is filled while its document is read, as schemas may lead to one another. */
export interface Schema {
  /** Units of work that entering it takes. */
  cost: number;
  readonly rules: Rule[];
  /** Whether a rule asks what the rules before it have seen. */
  looksBack: boolean;
  /** The schemas it enters with the same value. */
  readonly inPlace: Schema[];
}

/** Says whether the value now looked at fits a schema, and tells what does not. */
export function fits(schema: Schema, value: unknown, run: Run): boolean {
  if (!enter(run, schema.cost)) {
    leave(run);
    return false;
  }
  const outer = run.seen;
  if (schema.looksBack) {
    // It looks at what its own rules have seen, not others beside it.
    run.seen = new Set();
  }
  let isFit = true;
  // A loop, and not areAll: the stack holds more of these.
  for (const rule of schema.rules) {
    isFit = rule(value, run) && isFit;
    if (isDecided(run, isFit)) {
      break;
    }
  }
  if (schema.looksBack) {
    endSeeing(run, outer, isFit);
  }
  leave(run);
  return isFit;
}

/** As `fits`, but what the schema has seen counts only if the value fits. */
export function fitsApart(schema: Schema, value: unknown, run: Run): boolean {
  const outer = run.seen;
  run.seen = outer && new Set();
  const isFit = fits(schema, value, run);
  endSeeing(run, outer, isFit);
  return isFit;
}

function endSeeing(run: Run, outer: Run["seen"], isFit: boolean): void {
  if (isFit && outer !== undefined) {
    run.seen?.forEach((place) => outer.add(place));
  }
  run.seen = outer;
}

/** As `fits`, without telling, and whatever it has seen does not count. */
export function fitsQuietly(schema: Schema, value: unknown, run: Run): boolean {
  const { seen } = run;
  run.seen = undefined;
  run.quiet += 1;
  const isFit = fits(schema, value, run);
  run.quiet -= 1;
  run.seen = seen;
  return isFit;
}

/** As `fits`, for a member or an item of the value now looked at, which is seen by that. */
// oxlint-disable-next-line max-params -- an object for every member would take as long as the rest
export function fitsAt(schema: Schema, value: unknown, run: Run, at: string | number): boolean {
  const { seen } = run;
  seen?.add(at);
  run.seen = undefined;
  run.path.push(at);
  const isFit = fits(schema, value, run);
  run.path.pop();
  run.seen = seen;
  return isFit;
}

/** Asks of each; where only the outcome counts no further than to the first that fails. */
export function areAll<Each>(run: Run, all: Iterable<Each>, isFit: (each: Each) => boolean): boolean {
  let areFit = true;
  for (const each of all) {
    areFit = isFit(each) && areFit;
    if (isDecided(run, areFit)) {
      break;
    }
  }
  return areFit;
}

/** Says whether going on cannot change what comes of a run. */
export function isDecided(run: Run, areFit: boolean): boolean {
  return run.workLeft === 0 || (!areFit && run.quiet > 0);
}
