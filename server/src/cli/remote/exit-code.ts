import { PosthornError } from "@posthorn/client/posthorn-error";
import { UsageError } from "./usage-error.ts";

/** 1: it failed; 2: the command line is wrong; 3: there is no such thing; 4: the key does not allow it. */
export function exitCodeOf(error: unknown): 1 | 2 | 3 | 4 {
  if (error instanceof PosthornError) {
    switch (error.status) {
      case 401:
      case 403:
        return 4;
      case 404:
        return 3;
      default:
        return 1;
    }
  }
  return error instanceof UsageError ? 2 : 1;
}
