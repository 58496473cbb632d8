import assert from "node:assert/strict";
import { test } from "node:test";
import { posthornText } from "./posthorn-command.ts";

const URL = "http://127.0.0.1:8080";
const END = `--tenant=acme --url=${URL}`;

const said = (method: "GET" | "POST" | "PATCH" | "DELETE", below: string, more: object = {}) =>
  posthornText(URL, { method, path: `/v1/tenants/acme${below}`, ...more });

test("posthornText() says what has a command as it runs in a shell", () => {
  assert.equal(said("POST", "/endpoints/ep_1/pause"), `posthorn endpoints pause ep_1 ${END}`);
  assert.equal(said("POST", "/endpoints/ep_1/recover"), `posthorn recover ep_1 ${END}`);
  const path = "/endpoints/ep_1";
  assert.equal(said("POST", `${path}/enable`), `posthorn endpoints enable ep_1 ${END}`);
  assert.equal(
    said("POST", `${path}/rotate-secret`, { body: {} }),
    `posthorn endpoints rotate-secret ep_1 ${END}`,
  );
  assert.equal(said("DELETE", path), `posthorn endpoints delete ep_1 ${END}`);
  assert.equal(said("GET", "/events/evt_1"), `posthorn events get evt_1 ${END}`);
  assert.equal(said("GET", "/deliveries?state=dead"), `posthorn deliveries list --state dead ${END}`);
  const body = { endpoint: "ep_1", since: "2026-01-01T00:00:00Z", only: "dead", rate: 5 };
  assert.equal(
    said("POST", "/replays", { body }),
    `posthorn replay ep_1 --since 2026-01-01T00:00:00Z --only dead --rate 5 ${END}`,
  );
  assert.equal(
    said("POST", "/keys", { body: { name: "Ada's", role: "viewer" } }),
    `posthorn keys create 'Ada'\\''s' --role viewer ${END}`,
  );
});

test("posthornText() hands an event over only where every digit of it survives", () => {
  const bodyOf = (data: string) => ({ bodyText: `{"type":"Points Updated","subject":"s","data":${data}}` });
  assert.equal(
    said("POST", "/events", bodyOf('{ "id": 42 }')),
    `posthorn trigger 'Points Updated' -d '{ "id": 42 }' --subject=s ${END}`,
  );
  assert.equal(said("POST", "/events", bodyOf('{"id":9007199254740993}')), undefined);
  assert.equal(said("POST", "/events", bodyOf("1.0")), undefined);
  assert.equal(said("POST", "/events", bodyOf("-1")), undefined);
});

test("posthornText() makes tenants and endpoints by options where there are some, else by -d", () => {
  const path = "/v1/tenants";
  assert.equal(
    posthornText(URL, { method: "POST", path, body: { name: "Ada's", id: "acme" } }),
    `posthorn tenants create acme '--name=Ada'\\''s' --url=${URL}`,
  );
  const url = "https://receiver.example.com/hooks";
  assert.equal(
    said("POST", "/endpoints", { body: { url, event_types: ["invoice.*", "a.b"], rate_per_second: 5 } }),
    `posthorn endpoints create ${url} '--types=invoice.*,a.b' -d '{"rate_per_second":5}' ${END}`,
  );
  assert.equal(
    said("PATCH", "/endpoints/ep_1", { body: { event_types: null } }),
    `posthorn endpoints update ep_1 -d '{"event_types":null}' ${END}`,
  );
  assert.equal(said("POST", "/endpoints", { body: { url, secret: "whsec_1" } }), undefined);
});

test("posthornText() says nothing of what has no command", () => {
  assert.equal(said("POST", "/deliveries/dlv_1/cancel"), undefined);
  assert.equal(said("DELETE", ""), undefined);
  assert.equal(said("POST", "/replays", { body: { endpoint: "ep_1", dry_run: true } }), undefined);
});
