import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { keptFile } from "../../kept-file.ts";
import { assertProblem, setUpApp } from "../app-setup.test.ts";

const PAGE = '<!doctype html><base href="./"><script type="module" src="./assets/main-1a.js"></script>';
const SCRIPT = 'console.log("main")';

async function setup() {
  const file = (name: string, text: string) => [name, keptFile(name, Buffer.from(text))] as const;
  const dashboard = new Map([file("page.html", PAGE), file("assets/main-1a.js", SCRIPT)]);
  const { app } = await setUpApp({ dashboard });
  const get = (url: string, headers = {}) => app.inject({ method: "GET", url, headers });
  return { get };
}

describe("/dashboard/", () => {
  test("/ leads there by an address that is right below any path of a proxy", async () => {
    const { get } = await setup();
    const { statusCode, headers } = await get("/");
    assert.deepEqual([statusCode, headers.location], [302, "dashboard/"]);
  });

  test("every path of the application is its page, which says where its files are from there", async () => {
    const { get } = await setup();
    const base = async (path: string) => /<base href="([^"]+)"/.exec((await get(path)).body)?.[1];
    assert.equal(await base("/dashboard/"), "./");
    assert.equal(await base("/dashboard/tenants?q=/a/b"), "./");
    assert.equal(await base("/dashboard/t/acme/events/evt_1"), "../../../");
  });

  test("the page lets nothing run or load but files of this server", async () => {
    const { get } = await setup();
    const { headers } = await get("/dashboard/t/acme/events");
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none'; script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
  });

  test("a file whose name has a hash is kept for good; the page is asked for each time", async () => {
    const { get } = await setup();
    const file = await get("/dashboard/assets/main-1a.js");
    assert.equal(file.body, SCRIPT);
    assert.equal(file.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(file.headers["content-type"], "text/javascript; charset=utf-8");
    const page = await get("/dashboard/");
    assert.equal(page.headers["cache-control"], "no-cache");
    const again = await get("/dashboard/", { "if-none-match": String(page.headers.etag) });
    assert.deepEqual([again.statusCode, again.body], [304, ""]);
  });

  test("a browser that takes gzip gets it, and another the bytes", async () => {
    const { get } = await setup();
    const { headers, rawPayload } = await get("/dashboard/assets/main-1a.js", {
      "accept-encoding": "gzip, br",
    });
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(rawPayload).toString(), SCRIPT);
    const plain = await get("/dashboard/assets/main-1a.js");
    assert.notEqual(plain.headers.etag, headers.etag, "a strong one is of the bytes");
    const ifNew = { "if-none-match": String(headers.etag) };
    const statusOf = async (more: object) =>
      (await get("/dashboard/assets/main-1a.js", { ...ifNew, ...more })).statusCode;
    assert.deepEqual([await statusOf({ "accept-encoding": "gzip" }), await statusOf({})], [304, 200]);
  });

  test("a file of another version is not there, whatever the path says", async () => {
    const { get } = await setup();
    for (const path of ["assets/main-2b.js", "assets/../../../package.json"]) {
      const answer = await get(`/dashboard/${path}`);
      assert.equal(answer.statusCode, 404, path);
    }
  });

  test("where nothing was built there is no dashboard", async () => {
    const { call } = await setUpApp();
    assertProblem(await call("GET", "/"), "not_found");
    assertProblem(await call("GET", "/dashboard/"), "not_found");
  });
});
