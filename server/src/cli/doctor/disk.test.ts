import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { diskFindings, type FileSystem } from "./disk.ts";

const DATABASE = { kind: "sqlite", path: join(tmpdir(), "posthorn.db") } as const;
const MB = 1024 * 1024;
const ROOMY: FileSystem = { type: 0xef53, bsize: MB, blocks: 100_000, bavail: 50_000 };

function found(change: Partial<FileSystem>): readonly string[] {
  return diskFindings(DATABASE, () => ({ ...ROOMY, ...change })).map(({ status }) => status);
}

describe("diskFindings()", () => {
  test("says how much is free, and asks for more before it is all used", () => {
    assert.deepEqual(found({}), ["ok"]);
    assert.deepEqual(found({ bavail: 4000 }), ["warning"]);
    assert.deepEqual(found({ bavail: 500, blocks: 1000 }), ["warning"]);
    assert.deepEqual(found({ bavail: 100 }), ["problem"]);
    const [free] = diskFindings(DATABASE, () => ROOMY);
    assert.match(free?.says ?? "", /^50000 MB \(50 %\) are free in /);
  });

  test("does not let SQLite over a network pass, and warns of memory", () => {
    assert.deepEqual(found({ type: 0x6969 }), ["problem", "ok"]);
    assert.deepEqual(found({ type: 0x01021994 }), ["warning", "ok"]);
  });

  test("misses a folder that is not there", () => {
    const [missing] = diskFindings({ kind: "sqlite", path: join(tmpdir(), "no-such-folder-1", "a.db") });
    assert.match(missing?.says ?? "", /^there is no folder .*no-such-folder-1$/);
    assert.equal(missing?.status, "problem");
  });

  test("looks at where a symbolic link leads, and not at where it lies", (it) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "posthorn-doctor-disk-")));
    it.after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "volume"));
    const path = join(folder, "posthorn.db");
    symlinkSync("volume/posthorn.db", path);
    const looked: string[] = [];
    const read = (at: string) => {
      looked.push(at);
      return ROOMY;
    };
    diskFindings({ kind: "sqlite", path }, read);
    writeFileSync(join(folder, "volume/posthorn.db"), "");
    diskFindings({ kind: "sqlite", path }, read);
    assert.deepEqual(looked, [join(folder, "volume"), join(folder, "volume")]);
  });

  test("reads the real file system, and leaves PostgreSQL's to it", () => {
    assert.match(diskFindings(DATABASE).at(-1)?.says ?? "", /\d+ MB \(\d+ %\) are free/);
    assert.deepEqual(
      diskFindings({ kind: "postgres", url: "postgres://h/d" }).map(({ status }) => status),
      ["ok"],
    );
  });
});
