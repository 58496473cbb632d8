import type { ArrivingMark, LeavingMark } from "../move-marks.ts";

/** `begin`: the target is nobody's yet. `go_on`: it has part of this source, or all of it and is not open. */
export type NextStep = "begin" | "go_on" | "nothing";

/**
 * Says by the marks of both databases what a move has to do. Throws if they are not of one move: a target
 * that another source began to fill, or a source that is somewhere else already.
 */
export function nextStepOf(leaving: LeavingMark | undefined, arriving: ArrivingMark | undefined): NextStep {
  if (arriving === undefined) {
    if (leaving?.movedAt !== undefined) {
      throw new Error(`everything was moved to ${leaving.to} already, and that is not the target`);
    }
    return "begin";
  }
  if (arriving.id !== leaving?.id) {
    const what = arriving.readyAt === undefined ? "part of what was moved" : "what was moved";
    throw new Error(
      `the target has ${what} from ${arriving.from} at another time: name a database that has nothing in it`,
    );
  }
  return arriving.readyAt === undefined ? "go_on" : "nothing";
}
