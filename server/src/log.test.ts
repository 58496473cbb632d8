import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLog, type LogOptions } from "./log.ts";
import { Problem } from "./problem.ts";

function setup(level: LogOptions["level"] = "debug") {
  const lines: string[] = [];
  const log = createLog({ level, stream: { write: (line) => void lines.push(line) } });
  return { lines, log, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

describe("createLog()", () => {
  test("createLog() writes a line of JSON with level, time, message and fields", () => {
    const { log, last } = setup();
    log.info("listening", { port: 8080, host: "::1", ready: true });
    const { time, ...line } = last();
    assert.deepEqual(line, { level: "info", port: 8080, host: "::1", ready: true, message: "listening" });
    assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test("createLog() writes nothing below its level", () => {
    const { log, lines } = setup("warn");
    log.debug("one");
    log.info("two");
    log.warn("three");
    log.error("four");
    assert.equal(lines.length, 2);
  });

  test("createLog() blanks credentials, secrets and payloads", () => {
    const { log, lines } = setup();
    for (const name of [
      "authorization",
      "secret",
      "payload",
      "data",
      "key",
      "url",
      "subject",
      "idempotency_key",
    ]) {
      log.error("failed", { [name]: "canary" });
    }
    assert.equal(lines.length, 8);
    assert.doesNotMatch(lines.join(""), /canary/);
  });

  test("createLog() says of a fault its class, code and frames, never its message", () => {
    const { log, last, lines } = setup();
    log.error("failed", { cause: { fault: new TypeError("canary\n    at canary (canary.js:1:1)") } });
    assert.equal(last().cause.class, "TypeError");
    assert.match(last().cause.frames[0], /log\.test\.ts/);
    log.error("failed", { cause: { fault: new Problem("internal", "canary") } });
    assert.equal(last().cause.code, "internal");
    log.error("failed", { cause: { fault: "canary" } });
    assert.deepEqual(last().cause, { class: "string" });
    log.error("failed", { cause: { fault: Object.assign(new Error(""), { code: "ENOSPC" }) } });
    assert.equal(last().cause.code, "ENOSPC");
    assert.ok(last().cause.frames.length > 0);
    log.error("failed", { cause: { fault: Object.assign(new Error(""), { code: "the canary" }) } });
    assert.equal(last().cause.code, undefined);
    const cause = Object.assign(new RangeError("canary"), { cause: "canary" });
    log.error("failed", { error: { fault: new TypeError("canary", { cause }) } });
    assert.equal(last().error.cause.class, "RangeError");
    assert.match(last().error.cause.frames[0], /log\.test\.ts/);
    assert.doesNotMatch(lines.join(""), /canary/);
  });
});
