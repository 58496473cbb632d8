import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { install } from "./installation.ts";

const PER_TENANT = 20;
const OF_TENANTS = 180;
const IN_ALL = 200;

describe("live streams", () => {
  test("are bounded, for each tenant and for all, and leave an administrator some", async (t) => {
    const posthorn = await install();
    const ending = new AbortController();
    t.after(async () => {
      ending.abort();
      await posthorn.close();
    });
    // One that nothing refers to any more is ended.
    const answers: Response[] = [];
    const statusOf = async (path: string) => {
      const headers = { authorization: `Bearer ${posthorn.adminKey}` };
      const answer = await fetch(`${posthorn.url}${path}/stream`, { headers, signal: ending.signal });
      answers.push(answer);
      return answer.status;
    };
    const open = async (path: string, count: number) => {
      for (let opened = 0; opened < count; opened += 1) {
        assert.equal(await statusOf(path), 200);
      }
      assert.equal(await statusOf(path), 429);
    };

    for (let opened = 0; opened < OF_TENANTS; opened += PER_TENANT) {
      await open(await posthorn.tenant("standard"), PER_TENANT);
    }
    assert.equal(await statusOf(await posthorn.tenant("standard")), 429);
    await open("/v1", IN_ALL - OF_TENANTS);
  });
});
