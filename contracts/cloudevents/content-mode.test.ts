import assert from "node:assert/strict";
import { it } from "node:test";
import { contentModeOf, isJsonType, mediaTypeOf } from "./content-mode.ts";

it("contentModeOf() goes by the media type, and by ce-specversion where it names no CloudEvents", () => {
  const cases = [
    ["application/cloudevents+json", undefined, "structured"],
    ["Application/CloudEvents+JSON ; charset=UTF-8", undefined, "structured"],
    // Attributes may stand in headers too: those of the body count.
    ["application/cloudevents+json", "1.0", "structured"],
    ["application/cloudevents-batch+json;charset=utf-8", undefined, "batched"],
    ["application/json", "1.0", "binary"],
    ["text/plain", "0.3", "binary"],
    [undefined, "1.0", "binary"],
    ["application/json", undefined, undefined],
    ["application/cloudevents+avro", "1.0", undefined],
    ["application/cloudevents-batch+protobuf", "1.0", undefined],
    [undefined, undefined, undefined],
  ] as const;
  for (const [type, version, mode] of cases) {
    assert.equal(contentModeOf({ "content-type": type, "ce-specversion": version }), mode, String(type));
  }
});

it("isJsonType() takes JSON and what is written in it, whatever the parameters", () => {
  for (const type of ["application/json", "text/json", "application/vnd.x+json; a=b", "APPLICATION/JSON"]) {
    assert.equal(isJsonType(type), true, type);
  }
  for (const type of [undefined, "", "json", "text/plain", "application/json5", "application/xml; a=/json"]) {
    assert.equal(isJsonType(type), false, String(type));
  }
});

it("mediaTypeOf() is empty where there is none", () => {
  assert.deepEqual([mediaTypeOf(undefined), mediaTypeOf(""), mediaTypeOf(";a=b")], ["", "", ""]);
});
