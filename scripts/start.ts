/**
 * Runs a command that serves, with the dashboard built: `npm start` and `npm run demo`. Building it takes a
 * second or two, and is done anew only where its sources have changed.
 */
import { buildWhereNeeded } from "./build-dashboard.ts";

try {
  await buildWhereNeeded();
} catch (error) {
  // Events are worth more than the page that shows them.
  console.error(`posthorn: the dashboard could not be built, and is left out: ${String(error)}`);
}
await import("../server/src/cli.ts");
