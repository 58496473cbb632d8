import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSupervisor } from "./supervisor.ts";

function setUp(env: NodeJS.ProcessEnv) {
  const told: string[] = [];
  return { told, supervisor: createSupervisor(env, (state) => void told.push(state)) };
}

describe("createSupervisor()", () => {
  test("tells systemd when it serves, when it ends, and in between that it is alive", (it) => {
    it.mock.timers.enable({ apis: ["setInterval"] });
    const { told, supervisor } = setUp({ NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "120000000" });
    assert.deepEqual(told, []);
    supervisor.ready();
    assert.deepEqual(told, ["READY=1"]);
    it.mock.timers.tick(29_999);
    assert.deepEqual(told, ["READY=1"]);
    it.mock.timers.tick(30_001);
    assert.deepEqual(told, ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    supervisor.stopping();
    it.mock.timers.tick(120_000);
    assert.deepEqual(told.slice(3), ["STOPPING=1"]);
  });

  test("gives no sign of life where nobody asked for it", (it) => {
    it.mock.timers.enable({ apis: ["setInterval"] });
    const { told, supervisor } = setUp({ NOTIFY_SOCKET: "/run/notify" });
    supervisor.ready();
    it.mock.timers.tick(3_600_000);
    assert.deepEqual(told, ["READY=1"]);
  });

  test("tells nobody anything where no supervisor waits", () => {
    const { told, supervisor } = setUp({ WATCHDOG_USEC: "120000000" });
    supervisor.ready();
    supervisor.stopping();
    assert.deepEqual(told, []);
  });
});
