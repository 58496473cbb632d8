import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { describe, test } from "node:test";
import { createApp } from "../app.ts";
import { ADMIN_KEY, setUpApp } from "../app-setup.test.ts";

const METRICS_KEY = "a key of the metrics, thirty-two bytes";

describe("GET /metrics", () => {
  async function statuses(key: string, metricsKey?: string): Promise<readonly number[]> {
    const { ports } = await setUpApp();
    const metricsKeyHash = metricsKey === undefined ? undefined : hash("sha256", metricsKey, "buffer");
    const app = createApp({ ...ports, metricsKeyHash });
    const headers = { authorization: `Bearer ${key}` };
    const answers = ["/metrics", "/v1/tenants", "/v1/sending"].map(
      async (url) => (await app.inject({ method: "GET", url, headers })).statusCode,
    );
    return await Promise.all(answers);
  }

  test("a key of its own reads the metrics and nothing else", async () => {
    assert.deepEqual(await statuses(METRICS_KEY, METRICS_KEY), [200, 401, 401]);
  });

  test("an admin key reads them too, and another key nothing", async () => {
    assert.deepEqual(await statuses(ADMIN_KEY, METRICS_KEY), [200, 200, 200]);
    assert.deepEqual(await statuses(`${METRICS_KEY}s`, METRICS_KEY), [401, 401, 401]);
    assert.deepEqual(await statuses(METRICS_KEY), [401, 401, 401]);
  });
});
