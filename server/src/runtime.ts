/** The first Node that has all that is used: `engines` of the package says the same. */
export const NODE_MAJOR_MIN = 24;

/** Says what is wrong with the Node that runs this, such as `20.20.2`; undefined: nothing. */
export function runtimeProblem(version: string): string | undefined {
  return Number.parseInt(version, 10) < NODE_MAJOR_MIN
    ? `Posthorn needs Node ${NODE_MAJOR_MIN} or later, this is Node ${version}`
    : undefined;
}
