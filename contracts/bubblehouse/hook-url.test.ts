import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hookUrl } from "./hook-url.ts";

describe("hookUrl()", () => {
  it("hookUrl() puts the name in the path, and leaves everything else as it is", () => {
    const urls = {
      "https://x.example/:name": "https://x.example/Hook1",
      "https://x.example/a/:name/b?c=:name#:name": "https://x.example/a/Hook1/b?c=:name#:name",
      "https://u:names@x.example:8443/bh:name": "https://u:names@x.example:8443/bhHook1",
      "http://[::1]:80/:name?": "http://[::1]:80/Hook1?",
    };
    for (const [url, expected] of Object.entries(urls)) {
      assert.equal(hookUrl(url, "Hook1"), expected);
    }
  });

  it("hookUrl() gives undefined where the path has no :name", () => {
    for (const url of [
      "https://x.example",
      "https://x.example/",
      "https://x.example/name",
      "https://x.example/?q=:name",
      "https://x.example?q=/:name",
      "https://x.example/#/:name",
      "https://u:name@x.example/",
      "https://u:name@x.example",
      "",
    ]) {
      assert.equal(hookUrl(url, "Hook1"), undefined, url);
    }
  });
});
