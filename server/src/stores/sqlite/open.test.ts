import { describeStores } from "../conformance.ts";
import { openInTemporaryFolder } from "./temporary.ts";

describeStores("SQLite", async (ports, t) => {
  const { stores, open } = openInTemporaryFolder(ports, t);
  return {
    stores,
    async reopen() {
      await stores.close();
      return open();
    },
  };
});
