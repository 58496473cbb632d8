import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setUpApp } from "../app-setup.test.ts";
import { OPERATION_GROUPS } from "../description/operations.ts";

const IDS = OPERATION_GROUPS.flatMap(({ operations }) => Object.values(operations).map(({ id }) => id));

async function setup() {
  const { app } = await setUpApp();
  return { get: (url: string, headers = {}) => app.inject({ method: "GET", url, headers }) };
}

describe("/docs/", () => {
  test("has every operation and every shape, and no link that leads nowhere", async () => {
    const { get } = await setup();
    const { body, statusCode } = await get("/docs/");
    assert.equal(statusCode, 200);
    const there = new Set([...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const id of IDS) {
      assert.ok(there.has(id), id);
    }
    const wanted = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    assert.ok(wanted.length > IDS.length);
    assert.deepEqual(
      wanted.filter((id) => !there.has(id)),
      [],
    );
  });

  test("shows what a call takes, its limits, and the call", async () => {
    const { get } = await setup();
    const { body } = await get("/docs/");
    const article = /<article id="createEndpoint"[\s\S]*?<\/article>/.exec(body)?.[0] ?? "";
    assert.match(article, /<code>\/v1\/tenants\/\{tenant\}\/endpoints<\/code>/);
    assert.match(article, /<code>endpoints:write<\/code>/);
    assert.match(
      article,
      /<code>url<\/code> <small>string, required<\/small>\s*<p>Where [^<]* Limits: 1 to 4096 characters\./,
    );
    assert.match(article, /href="#shape-NewEndpoint">NewEndpoint<\/a>/);
    assert.match(article, /curl -X POST &quot;\$POSTHORN_URL\/v1\/tenants\/\$TENANT\/endpoints&quot;/);
  });

  test("loads nothing but files of this server, and runs nothing inline", async () => {
    const { get } = await setup();
    const { body, headers } = await get("/docs/");
    assert.match(
      String(headers["content-security-policy"]),
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    assert.doesNotMatch(body, /<style|<script(?! type="module" src="reference\.js">)| style=| on\w+=/);
    const loaded = [...body.matchAll(/(?:src|rel="stylesheet" href)="([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(loaded, ["reference.css", "reference.js"]);
    for (const name of loaded) {
      assert.equal((await get(`/docs/${name}`)).statusCode, 200);
    }
    const { statusCode, headers: there } = await get("/docs");
    assert.deepEqual([statusCode, there.location], [302, "docs/"]);
  });

  test("is kept by browsers, zipped or not, each under a tag of its own", async () => {
    const { get } = await setup();
    const plain = await get("/docs/");
    const zipped = await get("/docs/", { "accept-encoding": "gzip" });
    assert.equal(zipped.headers["content-encoding"], "gzip");
    assert.notEqual(plain.headers.etag, zipped.headers.etag);
    const ifNone = { "if-none-match": String(zipped.headers.etag) };
    assert.equal((await get("/docs/", { ...ifNone, "accept-encoding": "gzip" })).statusCode, 304);
    assert.equal((await get("/docs/", ifNone)).statusCode, 200);
  });
});

test("/llms.txt names every operation, by its place in the page", async () => {
  const { get } = await setup();
  const { body, headers } = await get("/llms.txt");
  assert.equal(headers["content-type"], "text/plain; charset=utf-8");
  for (const id of IDS) {
    assert.ok(body.includes(`(docs/#${id})`), id);
  }
  assert.match(body, /^# Posthorn\n\n> /);
  assert.match(body, /^- the package `@posthorn\/client`: /m);
  assert.match(body, /^- bspk: client\.updated: /m);
});
