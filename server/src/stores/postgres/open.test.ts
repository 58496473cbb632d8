import { test } from "node:test";
import { START } from "../conformance/setup.ts";
import { describeStores } from "../conformance.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openTemporaryDatabase } from "./temporary.ts";

const databases = await findDatabases(START);
if (databases === undefined) {
  test("a store over PostgreSQL is as the port says", { skip: NO_POSTGRES });
} else {
  describeStores("PostgreSQL", async (ports, t) => {
    const { stores, open } = await openTemporaryDatabase(databases, ports, t);
    return { stores, reopen: open };
  });
}
