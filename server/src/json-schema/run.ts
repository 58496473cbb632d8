import { escapedPointerPart } from "../json-pointer.ts";
import type { WrongMember } from "../problem.ts";
import { ENTERED_MAX, FINDINGS_MAX, POINTER_LENGTH_MAX, WORK_MAX } from "./limits.ts";
import { kindOf } from "./type-names.ts";

/** One check of one value, as far as it has come. */
export interface Run {
  /** Names and places that lead to the value now looked at. */
  readonly path: (string | number)[];
  /**
   * Members and items of that value that some schema has looked at, by name and place; undefined where nobody
   * asks for it.
   */
  seen: Set<string | number> | undefined;
  /** What was found wrong, in order. */
  findings: WrongMember[];
  /** Above 0 where only the outcome counts: nothing is told, and the first fault ends a schema. */
  quiet: number;
  /** 0: the run is at its end, and what it has come to is not the whole. */
  workLeft: number;
  entered: number;
}

export function startRun({ isQuiet }: { readonly isQuiet: boolean }): Run {
  return { path: [], seen: undefined, findings: [], quiet: isQuiet ? 1 : 0, workLeft: WORK_MAX, entered: 0 };
}

/** Takes units of work. Returns whether there is any left; if not, the outcome of the run means nothing. */
export function spend(run: Run, units: number): boolean {
  run.workLeft = Math.max(0, run.workLeft - units);
  return run.workLeft > 0;
}

/** Enters a schema that costs so much. Returns false where that is one too many or too deep. */
export function enter(run: Run, cost: number): boolean {
  if (run.entered === ENTERED_MAX) {
    run.workLeft = 0;
  }
  run.entered += 1;
  return spend(run, cost);
}

export function leave(run: Run): void {
  run.entered -= 1;
}

/** Tells of the value now looked at, or of a member of it; where more is told than may be, the run ends. */
export function tell(run: Run, detail: string, member?: string | number): false {
  if (run.quiet === 0 && run.findings.length < FINDINGS_MAX) {
    const path = member === undefined ? run.path : [...run.path, member];
    run.findings.push({ pointer: pointerOf(path), detail });
  } else if (run.quiet === 0) {
    run.workLeft = 0;
  }
  return false;
}

/** Tells what the value must do, and of what kind it is. The value itself is not repeated (invariant 12). */
export function tellKind(run: Run, rule: string, value: unknown): false {
  return run.quiet === 0 ? tell(run, `must ${rule}, got ${kindOf(value)}`) : false;
}

/** Writes a JSON Pointer, cut where it is too long. */
export function pointerOf(path: readonly (string | number)[]): string {
  let pointer = "";
  for (const part of path) {
    pointer += `/${typeof part === "number" ? part : escapedPointerPart(part)}`;
    if (pointer.length > POINTER_LENGTH_MAX) {
      return `${pointer.slice(0, POINTER_LENGTH_MAX).toWellFormed()}…`;
    }
  }
  return pointer.toWellFormed();
}
