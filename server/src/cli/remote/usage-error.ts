/** The command line does not say what is needed; its message does. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
