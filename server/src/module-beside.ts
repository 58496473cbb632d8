import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Finds a module that is started by its path, as a process or a thread of its own, beside the one that starts
 * it: both are TypeScript in the repository, and both JavaScript in the package.
 */
export function moduleBeside(url: string, name: string): string {
  return fileURLToPath(new URL(`${name}${extname(url)}`, url));
}
