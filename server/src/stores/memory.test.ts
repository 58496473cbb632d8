import { describeStores } from "./conformance.ts";
import { createMemoryStore } from "./memory.ts";

describeStores("memory", async (ports) => {
  const stores = createMemoryStore(ports);
  // The next process is the next engine over the same data.
  return { stores, reopen: async () => stores };
});
