/**
 * Loaded before a server, breaks the promise that its commits are synced before they are answered: the
 * writer's sync says at once that it has ended. A power cut must be seen to lose what such a server
 * acknowledged.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

fs.fdatasync = Object.assign(
  (_descriptor: number, onEnd: (error: Error | null) => void) => setImmediate(onEnd, null),
  { __promisify__: async () => {} },
);
syncBuiltinESMExports();
