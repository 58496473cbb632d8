import assert from "node:assert/strict";
import { test } from "node:test";
import manifest from "../package.json" with { type: "json" };
import { NODE_MAJOR_MIN, runtimeProblem } from "./runtime.ts";

test("runtimeProblem() refuses a Node older than the package asks for, and says which it is", () => {
  assert.equal(manifest.engines.node, `>=${NODE_MAJOR_MIN}`);
  assert.equal(runtimeProblem("20.20.2"), "Posthorn needs Node 24 or later, this is Node 20.20.2");
  assert.equal(runtimeProblem("23.9.0"), "Posthorn needs Node 24 or later, this is Node 23.9.0");
  assert.equal(runtimeProblem("24.0.0"), undefined);
  assert.equal(runtimeProblem(process.versions.node), undefined);
});
