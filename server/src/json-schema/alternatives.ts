import type { WrongMember } from "../problem.ts";
import { FINDINGS_MAX } from "./limits.ts";
import { pointerOf, type Run, tell } from "./run.ts";
import { fitsApart, type Schema } from "./schema.ts";

/** Schemas of which a value must fit some. */
interface Alternatives {
  readonly schemas: readonly Schema[];
  /** How many fitting ones say enough. */
  readonly enough: number;
}

// Further than any number of findings.
const FAR = FINDINGS_MAX + 1;

interface Tried {
  /** How many of the schemas the value fits, counted no further than enough. */
  readonly fitting: number;
  /** What is wrong with it by each of the others, in their order. */
  readonly faults: readonly (readonly WrongMember[])[];
}

/** Checks a value against one schema after another, and keeps apart what each has to tell. */
export function tryEach({ schemas, enough }: Alternatives, value: unknown, run: Run): Tried {
  const { findings } = run;
  const faults: (readonly WrongMember[])[] = [];
  let fitting = 0;
  for (const schema of schemas) {
    run.findings = [];
    if (fitsApart(schema, value, run)) {
      fitting += 1;
    } else {
      faults.push(run.findings);
    }
    // Whoever asks what was seen must hear of all that fit.
    const saysEnough = fitting === enough && (run.seen === undefined || enough > 1);
    if (run.workLeft === 0 || saysEnough) {
      break;
    }
  }
  run.findings = findings;
  return { fitting, faults };
}

/**
 * Tells what is wrong by the schema that the value is closest to: one that takes it for what it is, and finds
 * the least in it. Where no schema is the closest, tells what the value must do. Returns false.
 */
export function tellClosest(faults: Tried["faults"], run: Run, rule: string): false {
  if (run.quiet > 0) {
    return false;
  }
  const here = pointerOf(run.path);
  const distances = faults.map(
    (findings) => findings.length + (findings.some(({ pointer }) => pointer === here) ? FAR : 0),
  );
  const least = Math.min(...distances);
  const closest = faults[distances.indexOf(least)];
  if (closest === undefined || least >= FAR || distances.indexOf(least) !== distances.lastIndexOf(least)) {
    return tell(run, `must fit ${rule}`);
  }
  run.findings.push(...closest.slice(0, FINDINGS_MAX - run.findings.length));
  return false;
}
