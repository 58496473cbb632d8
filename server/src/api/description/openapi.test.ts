import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setUpApp } from "../app-setup.test.ts";
import type { Description } from "../reference/description.ts";
import { type Schema, shapeNameOf } from "../reference/schema-text.ts";
import { OPERATION_GROUPS } from "./operations.ts";

/** Added by Fastify for every GET. */
const isOwn = ({ method }: { readonly method: string }) => method !== "HEAD";

describe("GET /openapi.json", () => {
  test("describes every route there is, and no other", async () => {
    const { app } = await setUpApp();
    await app.ready();
    const routes = app.routeTable.filter(isOwn).map(({ method, path }) => `${method} ${path}`);
    const described = OPERATION_GROUPS.flatMap(({ operations }) => Object.keys(operations));
    assert.deepEqual(described.toSorted(), routes.toSorted());
  });

  test("is answered to everyone, with what each route needs", async () => {
    const { call } = await setUpApp();
    const { status, body } = await call("GET", "/openapi.json", { key: "" });
    assert.equal(status, 200);
    assert.equal(body.openapi, "3.1.1");
    const { post } = body.paths["/v1/tenants/{tenant}/endpoints"];
    assert.equal(post.operationId, "createEndpoint");
    assert.deepEqual(post.security, [{ bearer: [] }]);
    assert.match(post.description, /`endpoints:write`/);
    assert.equal(post.requestBody.content["application/json"].schema.properties.url.type, "string");
    assert.deepEqual(post.responses[201].content["application/json"].schema, {
      $ref: "#/components/schemas/NewEndpoint",
    });
    assert.deepEqual(body.paths["/healthz"].get.security, []);
  });

  test("names every operation once, and refers only to what is there", async () => {
    const { call } = await setUpApp();
    const { body, text } = await call("GET", "/openapi.json");
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    const references = new Set([...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, at]) => at));
    assert.ok(references.size > 20);
    for (const at of references) {
      const [kind = "", name = ""] = (at ?? "").split("/");
      assert.ok(body.components[kind][name], `${at} is there`);
    }
  });

  test("lets answers have members that are not described, and requests none", async () => {
    const { call } = await setUpApp();
    const { body } = await call("GET", "/openapi.json");
    assert.equal(body.components.schemas.Endpoint.additionalProperties, undefined);
    const { post } = body.paths["/v1/tenants"];
    assert.equal(post.requestBody.content["application/json"].schema.additionalProperties, false);
    assert.equal(body.components.schemas.NewEvent.additionalProperties, false);
  });

  test("has the event types of all contracts as webhooks", async () => {
    const { call } = await setUpApp();
    const { body } = await call("GET", "/openapi.json");
    const { post } = body.webhooks["bspk: client.updated"];
    assert.equal(post.requestBody.content["application/json"].schema.type, "object");
  });

  test("says of each filter, and of each member of a request, what it is", async () => {
    const { call } = await setUpApp();
    const { body } = await call("GET", "/openapi.json");
    const description: Description = body;
    const { schemas } = description.components;
    const said = (schema: Schema): boolean =>
      schema.description !== undefined || schema.$ref !== undefined || (schema.anyOf ?? []).some(said);
    const missing = Object.values(description.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ operationId, parameters = [], requestBody }) => {
        const bodies = Object.values(requestBody?.content ?? {}).map(
          ({ schema }) => schemas[shapeNameOf(schema) ?? ""] ?? schema,
        );
        const members = bodies.flatMap(({ properties = {} }) => Object.entries(properties));
        const asked = parameters.map(({ name, schema, description: what }) => {
          return [name, what === undefined ? schema : { ...schema, description: what }] as const;
        });
        return [...asked, ...members]
          .filter(([, schema]) => !said(schema))
          .map(([name]) => `${operationId}.${name}`);
      });
    assert.deepEqual(missing, []);
  });
});
