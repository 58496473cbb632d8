import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "../../engine/engine-fixture.ts";
import { DAY_MS } from "../../model/duration.ts";
import { createCompactor } from "./compactor.ts";
import { openDatabase } from "./database.ts";
import { createPartitioner } from "./partitioner.ts";

for (const create of [createCompactor, createPartitioner]) {
  test(`${create.name}() makes a duty that stays stopped, also where it was at work`, async () => {
    const clock = createManualClock();
    const answered = Promise.withResolvers<never>();
    const unused = openDatabase({ url: "postgres://localhost/none", name: "test", connectionsMax: 1 });
    let asked = 0;
    const rows = async () => {
      asked += 1;
      return await answered.promise;
    };
    const duty = create({ ...unused, rows }, { clock, onFailed: () => undefined });

    duty.start();
    clock.pass(DAY_MS);
    duty.stop();
    answered.reject(new Error("the database is closed"));
    await new Promise(setImmediate);
    clock.pass(DAY_MS);

    assert.equal(asked, 1);
  });
}
