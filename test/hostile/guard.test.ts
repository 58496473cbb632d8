/** The address guard around a whole server: on every way out, measured where the connections would arrive. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { LOOPBACK_URLS, setupCanary } from "../../server/src/outbound/canary-fixture.ts";
import type { Resolution } from "../../server/src/outbound/resolve.ts";
import {
  type EndpointShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "../e2e/installation.ts";

const RETRIES = 3;
const QUICK = { retry: { delays_ms: Array.from({ length: RETRIES }, () => 20), jitter: 0 } };

interface AttemptShape {
  readonly error: string | null;
  readonly endpoint_id: string;
}

describe("a real server calls nothing that is not allowed", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let addresses: readonly string[] = [];
  const resolve = async (): Promise<Resolution> => ({ addresses });

  before(async () => {
    posthorn = await install({ resolve });
  });
  after(() => posthorn.close());

  async function errorsOf(tenant: string): Promise<readonly AttemptShape[]> {
    const { json } = await posthorn.call<PageShape<AttemptShape>>("GET", `${tenant}/attempts?limit=100`);
    return json.data;
  }

  test("an endpoint is not saved with a URL that means this machine, in any spelling", async (t) => {
    const canary = await setupCanary(t);
    await posthorn.restart({ resolve, env: { POSTHORN_EGRESS_ALLOW: "" } });
    const tenant = await posthorn.tenant("standard");
    for (const spelling of LOOPBACK_URLS) {
      const url = spelling.replace("PORT", String(canary.port));
      const made = await posthorn.call<{ code: string; errors: { pointer: string }[] }>(
        "POST",
        `${tenant}/endpoints`,
        { url },
      );
      assert.equal(made.status, 422, url);
      assert.deepEqual(
        made.json.errors.map(({ pointer }) => pointer),
        ["/url"],
        url,
      );
    }
    canary.assertUntouched();
  });

  test("deliveries, retries and tests go nowhere once an address is no longer allowed", async (t) => {
    const canary = await setupCanary(t);
    addresses = ["127.0.0.1"];
    await posthorn.restart({ resolve });
    const tenant = await posthorn.tenant("standard");
    const endpoints: EndpointShape[] = [];
    for (const host of ["127.0.0.1", "localhost", "hooks.example"]) {
      const url = `http://${host}:${canary.port}/`;
      const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, { url, ...QUICK });
      assert.equal(made.status, 201, JSON.stringify(made.json));
      endpoints.push(made.json);
    }
    await posthorn.call("POST", `${tenant}/events`, { type: "a", data: {} });
    await until("all three reached it", () => canary.calls() >= 3);

    await posthorn.restart({ resolve, env: { POSTHORN_EGRESS_ALLOW: "" } });
    const attemptsBefore = (await errorsOf(tenant)).length;
    const callsBefore = canary.calls();
    await posthorn.call("POST", `${tenant}/events`, { type: "b", data: {} });
    for (const { id } of endpoints) {
      const tested = await posthorn.call("POST", `${tenant}/endpoints/${id}/test`, {});
      assert.equal(tested.status, 202, JSON.stringify(tested.json));
    }
    await until("all were tried as often as they may be", async () => {
      const blocked = (await errorsOf(tenant)).filter(({ error }) => error === "address_not_allowed");
      return blocked.length >= 2 * 3 * (1 + RETRIES);
    });

    assert.equal(canary.calls(), callsBefore);
    assert.ok((await errorsOf(tenant)).length > attemptsBefore);
  });

  test("a name that turns towards this machine is not followed there", async (t) => {
    const canary = await setupCanary(t);
    await posthorn.restart({ resolve, env: { POSTHORN_EGRESS_ALLOW: "127.0.0.2/32" } });
    const tenant = await posthorn.tenant("standard");
    const url = `http://turning.example:${canary.port}/`;
    await posthorn.call("POST", `${tenant}/endpoints`, { url, ...QUICK });
    for (const turned of [
      ["127.0.0.1"],
      ["127.0.0.2", "127.0.0.1"],
      ["::1"],
      ["::ffff:7f00:1"],
      ["0.0.0.0"],
    ]) {
      addresses = turned;
      const { length } = await errorsOf(tenant);
      await posthorn.call("POST", `${tenant}/events`, { type: "a", data: {} });
      await until(
        "it was tried to the end",
        async () => (await errorsOf(tenant)).length >= length + 1 + RETRIES,
      );
    }
    const errors = new Set((await errorsOf(tenant)).map(({ error }) => error));
    assert.deepEqual([...errors], ["address_not_allowed"]);
    canary.assertUntouched();
  });

  test("a receiver that is greeted before anything is sent is not greeted there either", async (t) => {
    const canary = await setupCanary(t);
    addresses = ["127.0.0.1"];
    await posthorn.restart({ resolve, env: { POSTHORN_EGRESS_ALLOW: "" } });
    const tenant = await posthorn.tenant("cloudevents");
    const url = `http://hooks.example:${canary.port}/`;
    const settings = { handshake: true };
    const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, { url, settings });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    await until("it was greeted", async () => {
      const { json } = await posthorn.call<EndpointShape>("GET", `${tenant}/endpoints/${made.json.id}`);
      return json.lane.reason === "handshake_address_not_allowed";
    });
    canary.assertUntouched();
  });

  test("Posthorn's own port is not called, whatever is allowed", async () => {
    addresses = ["127.0.0.1"];
    await posthorn.restart({ resolve });
    const { port } = new URL(posthorn.url);
    const tenant = await posthorn.tenant("standard");
    const literal = await posthorn.call("POST", `${tenant}/endpoints`, { url: `http://127.0.0.1:${port}/` });
    assert.equal(literal.status, 422);
    const url = `http://hooks.example:${port}/v1/tenants`;
    await posthorn.call("POST", `${tenant}/endpoints`, { url, ...QUICK });
    await posthorn.call("POST", `${tenant}/events`, { type: "a", data: {} });
    await until("it was tried to the end", async () => (await errorsOf(tenant)).length > RETRIES);
    const errors = new Set((await errorsOf(tenant)).map(({ error }) => error));
    assert.deepEqual([...errors], ["address_not_allowed"]);
  });
});
