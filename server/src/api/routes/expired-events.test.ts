import { describe, test } from "node:test";
import { DAY_MS } from "../../model/duration.ts";
import { assertProblem, postEvent, setUpApp } from "../app-setup.test.ts";

async function setUp() {
  const setup = await setUpApp({ keepMs: DAY_MS });
  const { id } = await postEvent(setup, "acme");
  await setup.flush({ checkpoint: Number.MAX_SAFE_INTEGER });
  while ((await setup.store.forgetLog(Number.MAX_SAFE_INTEGER, 100)) > 0) {
    // Until all is gone.
  }
  return { ...setup, path: `/v1/tenants/acme/events/${id}` };
}

describe("GET …/events/{event} of what is not kept", () => {
  test("answers event_expired where it was accepted longer ago than events are kept", async () => {
    const { call, clock, path } = await setUp();
    clock.at += DAY_MS + 1;

    assertProblem(await call("GET", path), "event_expired");
    assertProblem(await call("GET", `${path}/deliveries`), "event_expired");
  });

  test("answers not_found where it would still be kept", async () => {
    const { call, path } = await setUp();

    assertProblem(await call("GET", path), "not_found");
  });
});
