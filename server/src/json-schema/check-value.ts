import type { WrongMember } from "../problem.ts";
import { WORK_MAX } from "./limits.ts";
import { startRun } from "./run.ts";
import { fits, type Schema } from "./schema.ts";

export type Checked = {
  /** Units of work that it took. */
  readonly work: number;
} & (
  | { readonly kind: "fits" }
  /** `isCut`: more may be wrong than is told. */
  | { readonly kind: "wrong"; readonly errors: readonly WrongMember[]; readonly isCut: boolean }
  /** It takes more work than any value may take, or goes deeper. */
  | { readonly kind: "too_costly" }
);

/**
 * Checks a value of JSON against a schema. First only whether it fits, which ends at the first fault; what is
 * wrong is looked for where something is.
 */
export function checkValue(schema: Schema, value: unknown): Checked {
  const quiet = startRun({ isQuiet: true });
  const isFit = fits(schema, value, quiet);
  const work = WORK_MAX - quiet.workLeft;
  if (quiet.workLeft === 0) {
    return { kind: "too_costly", work };
  }
  if (isFit) {
    return { kind: "fits", work };
  }
  const telling = startRun({ isQuiet: false });
  fits(schema, value, telling);
  return {
    kind: "wrong",
    errors: firstOfEach(telling.findings),
    isCut: telling.workLeft === 0,
    work: work + WORK_MAX - telling.workLeft,
  };
}

/** The first rule that a member breaks says enough. */
function firstOfEach(findings: readonly WrongMember[]): readonly WrongMember[] {
  const seen = new Set<string>();
  return findings.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}
