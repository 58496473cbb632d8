import { PosthornError } from "@posthorn/client/posthorn-error";

/** Returns what the server says is wrong with a member of what it was sent; undefined: nothing. */
export function problemAt(error: unknown, pointer: string): string | undefined {
  return problemsOf(error).find((wrong) => wrong.pointer === pointer)?.detail;
}

/** Returns what the server says is wrong with a member, or with something in it. */
export function problemIn(error: unknown, pointer: string): string | undefined {
  return (
    problemAt(error, pointer) ??
    problemsOf(error).find((wrong) => wrong.pointer.startsWith(`${pointer}/`))?.detail
  );
}

function problemsOf(error: unknown) {
  return error instanceof PosthornError ? error.errors : [];
}
