/** Loaded before a program: tells which files that had loaded when it ends, in a line of standard error. */
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) {
      loaded.push(url);
    }
    return next(url, context);
  },
});
process.on("exit", () => {
  process.stderr.write(`\nLOADED ${JSON.stringify(loaded)}\n`);
});
