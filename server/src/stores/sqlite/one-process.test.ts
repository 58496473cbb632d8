import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { describe, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { openSqliteStore } from "./open.ts";
import { startAppending } from "./running-process.ts";
import { openInTemporaryFolder, temporaryPath } from "./temporary.ts";

const PORTS = { clock: systemClock, random: systemRandom, onFatal: () => {} };
const IN_USE = /posthorn\.db is in use: .* holds .*posthorn\.db-lock\. .* stop the other one/;

describe("openSqliteStore()", () => {
  test("refuses a file that this process has open, until it is closed", async (t) => {
    const { stores, path, open } = openInTemporaryFolder(PORTS, t);

    assert.throws(open, IN_USE);

    await stores.close();
    await open().close();
    assert.throws(() => openSqliteStore({ ...PORTS, path: `${path}/no/such/folder` }), /ENOENT|ENOTDIR/);
  });

  test("refuses a file that this process has open under another name", (t) => {
    const { path } = openInTemporaryFolder(PORTS, t);
    const alias = `${path}.alias`;
    symlinkSync(path, alias);

    assert.throws(() => openSqliteStore({ ...PORTS, path: alias }), IN_USE);
  });

  test("refuses a file that another process has open, until that one ends, however it ends", async (t) => {
    const path = temporaryPath(t);
    const other = startAppending({ path }, t);
    await other.said(1);

    assert.throws(() => openSqliteStore({ ...PORTS, path }), IN_USE);

    await other.kill();
    await openSqliteStore({ ...PORTS, path }).close();
  });

  test("leaves no lock behind when it refuses for another reason", async (t) => {
    const { stores, path, open } = openInTemporaryFolder(PORTS, t);
    await stores.close();
    const bytes = () => {
      throw new Error("no entropy");
    };

    assert.throws(
      () => openSqliteStore({ ...PORTS, path, random: { ...systemRandom, bytes } }),
      /no entropy/,
    );

    await open().close();
  });

  test("refuses everything after it was closed", async (t) => {
    const { stores } = openInTemporaryFolder(PORTS, t);
    await stores.close();
    await stores.close();

    await assert.rejects(stores.append(0, []), /the store is closed/);
    await assert.rejects(stores.readHead(0), /the store is closed/);
  });
});
