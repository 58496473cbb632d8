import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Installation, install, type PageShape } from "./installation.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const ADMIN_KEY = "an admin key of thirty-two bytes";
const SMALL = ["--events", "100", "--rounds", "1", "--seconds", "1", "--rate", "20"];
/** One to begin with; of three ways and of the steady load each a round that is measured and one before. */
const ARRIVE = 1 + 2 * (3 * 100 + 20);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(url: string, words: readonly string[], key = ADMIN_KEY): Promise<Run> {
  const { POSTHORN_ADMIN_KEY: _, ...others } = process.env;
  const env = { ...others, POSTHORN_URL: url, POSTHORN_KEY: key };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, "bench", ...words], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** All but the operator's own. */
async function tenantsOf(posthorn: Installation): Promise<readonly string[]> {
  const { json } = await posthorn.call<PageShape<{ readonly id: string }>>("GET", "/v1/tenants");
  return json.data.map(({ id }) => id).filter((id) => id !== "posthorn");
}

describe("posthorn bench", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY } });
  });
  after(() => posthorn.close());

  test("counts every delivery of what it measured, and leaves no tenant", async () => {
    const { code, out, err } = await run(posthorn.url, [...SMALL, "--json"]);
    assert.equal(code, 0, err);
    const report = JSON.parse(out);
    assert.deepEqual([report.arrived, report.repeated, report.events], [ARRIVE, 0, 100]);
    const ways = report.throughput.map(({ what }: { readonly what: string }) => what);
    assert.deepEqual(ways, ["bare client", "in batches of 100", "one by one"]);
    for (const figures of [...report.throughput, ...report.latency.percentiles]) {
      for (const [name, figure] of Object.entries(figures)) {
        assert.ok(name === "what" || Number(figure) > 0, `${figures.what} has ${name}`);
      }
    }
    assert.deepEqual([report.latency.events_per_second, report.throughput[0].ratio], [20, 1]);
    assert.deepEqual(await tenantsOf(posthorn), []);
  });

  test("prints a table, and the machine it was measured on", async () => {
    const { out, err } = await run(posthorn.url, SMALL);
    assert.match(out, /^\d+ × .*, Node v.*medians of 1 rounds of 100 events\n\nWHAT +DELIVERIES_PER_SECOND/);
    assert.match(
      out,
      new RegExp(`\\n${ARRIVE} deliveries arrived and were verified, 0 of them came again\\n$`),
    );
    assert.equal(err, "");
  });

  test("says what it was not given right, and asks the server for nothing", async () => {
    for (const [option, given] of [
      ["--events", "150"],
      ["--rounds", "0"],
      ["--rate", "2.5"],
      ["--seconds", "soon"],
    ]) {
      const { code, err } = await run("http://127.0.0.1:1", [`${option}`, `${given}`]);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`^posthorn: ${option} must be .*${given}`));
    }
    assert.equal((await run(posthorn.url, SMALL, "phk_not_a_key")).code, 4);
  });
});

test("posthorn bench names the setting of a server that calls no receiver on its machine", async (it) => {
  const guarded = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY, POSTHORN_EGRESS_ALLOW: "" } });
  it.after(() => guarded.close());
  const { code, out, err } = await run(guarded.url, SMALL);
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /start one to be measured with POSTHORN_EGRESS_ALLOW=127\.0\.0\.0\/8.*127\.0\.0\.1 is/s);
  assert.deepEqual(await tenantsOf(guarded), []);
});

test("posthorn bench tells why its first delivery failed, and removes its tenant", async (it) => {
  const POSTHORN_EGRESS_PROXY = "http://127.0.0.1:1";
  const proxied = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY, POSTHORN_EGRESS_PROXY } });
  it.after(() => proxied.close());
  const { code, err } = await run(proxied.url, SMALL);
  assert.equal(code, 1);
  assert.match(err, /does not reach the receiver of the benchmark at http:\S+: proxy_unreachable/);
  assert.deepEqual(await tenantsOf(proxied), []);
});
