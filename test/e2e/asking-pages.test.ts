/** Pages whose blocks ask a server one thing each. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createClient } from "../../client/client.ts";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { fencesOf, likeShown, openPage, PAGE_TEST, placeOf, readPage, serveIn } from "./page.ts";

const URL_OF_NOBODY = "http://127.0.0.1:3009/hooks";

/** Pages, and what each of their blocks is answered. */
const ASKED: Readonly<Record<string, readonly RegExp[]>> = {
  "docs/guides/latest-only.md": [/"latest_only_by":"subject"/],
  "docs/guides/live-stream.md": [/"kind":"started"/],
  "docs/guides/portal.md": [/"url":"http:[^"]+#[^"]+"/, /^http:\S+#\S+&accent=%230a7d4f&.*theme=light$/m],
  "docs/guides/replays.md": [/"missed":0,/, /"state":"running"|"state":"finished"/, /\S/],
  "docs/guides/test-clock.md": [/^2\d{3}-\S+Z$/m],
  "docs/operating/operational-events.md": [/"secret":"whsec_[^"]+"[\s\S]*"data":\[/],
  "docs/operating/retention.md": [/"retention":\{[^}]*"payload_days":7,"attempts_days":30/],
  "docs/reference/contracts.md": [/"id":"evt_\w+"/, /"results":\[/],
};

for (const [path, answers] of Object.entries(ASKED)) {
  describe(path, () => {
    it("asks what it says, and is answered", PAGE_TEST, async (t) => {
      const { reader, client } = await openPage(t, { path });
      const { id } = await client.createEndpoint("acme", { url: URL_OF_NOBODY });
      reader.learn("ep_…", id);
      for (const answer of answers) {
        const [said] = await reader.type(answer);
        assert.doesNotMatch(said, /"code":"/);
      }
      assert.equal(reader.left(), 0);
    });
  });
}

describe("README.md", () => {
  it("has calls that work with the key of a start", PAGE_TEST, async (t) => {
    const place = placeOf(t);
    const { url, key } = await serveIn(place);
    const standIns = { "localhost:8080": url };
    const reader = readPage(place, { path: "README.md", env: { KEY: key }, standIns });
    await reader.type(/"id":"acme"[\s\S]*"secret":"whsec_[\s\S]*"id":"evt_[\s\S]*"data":\[/);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/backup.md", () => {
  it("copies a database that is served; a restored one waits, and says for what", PAGE_TEST, async (t) => {
    const path = "docs/operating/backup.md";
    const place = placeOf(t);
    const { key, env } = await serveIn(place);
    const standIns = { "/var/lib/posthorn/": `${place.folder}/`, "/backups/": `${place.folder}/` };
    const reader = readPage(place, { path, env, standIns });
    await reader.type(/posthorn-2026-03-11\.db/);
    const config = configOf({
      POSTHORN_DATABASE_URL: `sqlite:${join(place.folder, "posthorn-2026-03-11.db")}`,
      POSTHORN_ADMIN_KEY: key,
      POSTHORN_LOG_LEVEL: "error",
    });
    const restored = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
    place.atEnd(() => restored.stop());
    reader.learn("$POSTHORN_URL", restored.url);
    const [answer = "{}"] = await reader.type(/\{.*"state":"paused".*\}/);
    const shown = fencesOf(path).find(({ language }) => language === "json");
    assert.deepEqual(Object.keys(JSON.parse(answer)), Object.keys(JSON.parse(shown?.code ?? "{}")));
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/audit.md", () => {
  it("shows an entry as it is answered", PAGE_TEST, async (t) => {
    const path = "docs/operating/audit.md";
    const { reader, client } = await openPage(t, { path });
    const { id: endpoint } = await client.createEndpoint("acme", { url: URL_OF_NOBODY });
    await client.createReplay("acme", { endpoint, since: new Date(0).toISOString(), only: "all" });
    const [answer] = await reader.type(/\{"data":\[\{.*\}/);
    const [entry] = JSON.parse(answer).data;
    const shown = JSON.parse(fencesOf(path).find(({ language }) => language === "json")?.code ?? "{}");
    assert.deepEqual(Object.keys(entry), Object.keys(shown));
    assert.deepEqual(Object.keys(entry.by), Object.keys(shown.by));
    assert.deepEqual([entry.action, entry.status], [shown.action, shown.status]);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/keys.md", () => {
  it("rotates the master key, and shows what that prints", PAGE_TEST, async (t) => {
    const path = "docs/operating/keys.md";
    const env = { POSTHORN_MASTER_KEY: Buffer.alloc(32, "older").toString("base64") };
    const { reader, client, stop } = await openPage(t, { path, env });
    await client.createEndpoint("acme", { url: URL_OF_NOBODY });
    await stop();
    await reader.type(likeShown(path, "sealed anew"));
    assert.equal(reader.left(), 0);
  });
});

describe("docs/operating/limits.md", () => {
  it("shows the headers of an answer to a key that has made no other request", PAGE_TEST, async (t) => {
    const { url, key } = await serveIn(placeOf(t));
    const admin = createClient({ url, key });
    await admin.createTenant({ id: "acme", name: "Acme" });
    const made = await admin.createKey("acme", { name: "limited" });
    const headers = { authorization: `Bearer ${made.key}` };
    const answer = await fetch(`${url}/v1/tenants/acme/events`, { headers });
    const said = ["RateLimit-Policy", "RateLimit"].map((name) => `${name}: ${answer.headers.get(name)}\n`);
    assert.match(said.join(""), likeShown("docs/operating/limits.md", "RateLimit-Policy"));
    assert.equal(said[0], 'RateLimit-Policy: "key";q=500;w=1\n', "as the page shows it");
  });
});
