import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { realPathOf } from "./real-path.ts";

describe("realPathOf()", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "posthorn-real-path-")));
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  mkdirSync(at("volume"));
  symlinkSync("volume", at("volume-link"));

  test("names a file by where it is, whatever links lead to it", () => {
    writeFileSync(at("volume/there.db"), "");
    symlinkSync("volume-link/there.db", at("there.db"));
    assert.equal(realPathOf(at("there.db")), at("volume/there.db"));
    assert.equal(realPathOf(at("volume-link/there.db")), at("volume/there.db"));
  });

  test("names a file that is not there yet by where it will be made", () => {
    symlinkSync("volume-link/new.db", at("new.db"));
    symlinkSync("new.db", at("to-new.db"));
    for (const name of ["volume/new.db", "volume-link/new.db", "new.db", "to-new.db"]) {
      assert.equal(realPathOf(at(name)), at("volume/new.db"));
    }
  });

  test("refuses a link that leads to itself, and one into no folder", () => {
    symlinkSync("round.db", at("round.db"));
    symlinkSync("nowhere/a.db", at("lost.db"));
    assert.throws(() => realPathOf(at("round.db")), /round\.db is a link that leads to itself/);
    assert.throws(() => realPathOf(at("lost.db")), { code: "ENOENT" });
  });
});
