import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Installation, install, until } from "./installation.ts";
import { fencesOf, placeOf } from "./page.ts";
import { startReceiver } from "./receiver.ts";
import { makeEndpoint, type Place, postEvents } from "./steps.ts";

const FOLDER = new URL("../../docs/operating/prometheus/", import.meta.url);
const fileIn = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");

const PROMTOOL = "promtool";

/** Prometheus' own checker; undefined: it is not there, and cannot be installed. */
function findPromtool(): string | undefined {
  const isThere = () => spawnSync(PROMTOOL, ["--version"], { stdio: "ignore" }).status === 0;
  if (!isThere() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const words = ["install", "--yes", "--no-install-recommends", "prometheus"];
    spawnSync("apt-get", ["update"], { env, stdio: "ignore" });
    spawnSync("apt-get", words, { env, stdio: "ignore" });
  }
  return isThere() ? PROMTOOL : undefined;
}

const promtool = findPromtool();
const NO_PROMTOOL = promtool === undefined && "Prometheus is not there, and cannot be installed";

describe("/metrics", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(() => posthorn.close());

  async function scrape(): Promise<string> {
    const headers = { authorization: `Bearer ${posthorn.adminKey}` };
    const answer = await fetch(`${posthorn.url}/metrics`, { headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    return await answer.text();
  }

  const valueIn = (text: string, name: string) =>
    Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(text)?.[1]);

  test("counts what happens, and says nothing of whom it happens to", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const place: Place = { posthorn, tenant: await posthorn.tenant("standard") };
    const endpoint = await makeEndpoint(place, { url: receiver.url });
    const first = await scrape();
    await postEvents(place, { type: "canary.type", data: 1 });
    await until("it is delivered", () => receiver.arrivals.length === 1);
    await until("it is counted", async () => {
      const now = await scrape();
      const grown = (name: string) => valueIn(now, name) - valueIn(first, name);
      return (
        grown("posthorn_events_accepted_total") === 1 &&
        grown("posthorn_attempts_total") === 1 &&
        grown("posthorn_deliveries_delivered_total") === 1
      );
    });
    const text = await scrape();
    for (const secret of ["canary", endpoint.id, endpoint.secret, place.tenant.split("/").at(-1) ?? ""]) {
      assert.equal(text.includes(secret), false);
    }
    assert.equal((await fetch(`${posthorn.url}/metrics`)).status, 401);
  });

  test("says how long the oldest of what could be sent has waited: nothing that is held", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const place: Place = { posthorn, tenant: await posthorn.tenant("standard") };
    await makeEndpoint(place, { url: receiver.url, max_in_flight: 1 });
    const { promise: answered, resolve: answer } = Promise.withResolvers<{ status: number }>();
    receiver.answer(() => answered);
    await postEvents(place, { type: "a", data: 1 });
    await until("it waits", async () => valueIn(await scrape(), "posthorn_oldest_due_seconds") > 0);
    answer({ status: 503 });
    await until("it is held", async () => valueIn(await scrape(), "posthorn_lanes_held") === 1);
    assert.equal(valueIn(await scrape(), "posthorn_oldest_due_seconds"), 0);
  });

  test("is what Prometheus reads, and so are the rules", { skip: NO_PROMTOOL }, async () => {
    const run = (words: readonly string[], input = "") =>
      execFileSync(promtool ?? "", words, { input, encoding: "utf8", stdio: "pipe" });
    run(["check", "metrics"], await scrape());
    assert.match(run(["check", "rules", fileURLToPath(new URL("alerts.yml", FOLDER))]), /SUCCESS: 4 rules/);
    assert.throws(() => run(["check", "metrics"], "posthorn_x{ 1\n"));
  });

  test("is scraped by what docs/operating/metrics.md says", { skip: NO_PROMTOOL }, (t) => {
    const [block, ...more] = fencesOf("docs/operating/metrics.md");
    assert.ok(block);
    assert.deepEqual(more, []);
    const file = join(placeOf(t).folder, "prometheus.yml");
    const check = (text: string) => {
      writeFileSync(file, text);
      const words = ["check", "config", "--syntax-only", file];
      return spawnSync(promtool ?? "", words, { encoding: "utf8" }).status;
    };
    assert.equal(check(block.code), 0);
    assert.notEqual(check(block.code.replace("job_name", "job")), 0);
  });

  test("has every metric that the rules and the dashboard ask for", async () => {
    const names = new Set([...(await scrape()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const { panels } = JSON.parse(fileIn("grafana.json"));
    assert.equal(panels.length, 6);
    const asked = [fileIn("alerts.yml"), JSON.stringify(panels)].flatMap(
      (text) => text.match(/\b(?:posthorn|process)_[a-z_]+/g) ?? [],
    );
    assert.deepEqual(
      asked.filter((name) => !names.has(name)),
      [],
    );
  });
});
