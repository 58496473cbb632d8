import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { bspkEventTypes } from "./bspk/event-types.ts";
import { bspkPayloadSchema, bspkSchemas } from "./bspk/schemas.ts";
import { bubblehouseEventTypes } from "./bubblehouse/event-types.ts";
import { bubblehouseInputSchema, bubblehouseSchemas } from "./bubblehouse/schemas.ts";
import type { EventType } from "./contract.ts";
import type { JsonSchema } from "./json-schema.ts";
import { spektrEventTypes } from "./spektr/event-types.ts";
import { spektrEventSchema, spektrSchemas } from "./spektr/schemas.ts";

interface Sample {
  readonly file: string;
  readonly value: Record<string, unknown>;
}

function setup() {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  return (schema: JsonSchema) => {
    const validate = ajv.compile(schema);
    return (value: unknown) =>
      validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);
  };
}

/** What the vendor publishes, and what we made where it publishes nothing. */
function samplesOf(vendor: string): readonly Sample[] {
  return ["fixtures", "examples"].flatMap((folder) => {
    const place = new URL(`${vendor}/${folder}/`, import.meta.url);
    const files = existsSync(place) ? readdirSync(place) : [];
    return files
      .filter((file) => file.endsWith(".json") && !file.includes(".response."))
      .map((file) => ({ file, value: JSON.parse(readFileSync(new URL(file, place), "utf8")) }));
  });
}

const isKey = <Keys extends object>(schemas: Keys, name: string): name is keyof Keys & string =>
  Object.hasOwn(schemas, name);

interface Vendor {
  readonly name: string;
  readonly eventTypes: readonly EventType[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly typeIn: (sample: Sample) => string;
  readonly schemaOf: (type: string) => JsonSchema;
  readonly dataIn: string | undefined;
  readonly aliases: readonly string[];
}

const vendors: readonly Vendor[] = [
  {
    name: "bspk",
    eventTypes: bspkEventTypes,
    schemas: bspkSchemas,
    typeIn: ({ value }) => String(value["event_name"]),
    schemaOf: (type) => (isKey(bspkSchemas, type) ? bspkPayloadSchema(type) : assert.fail(type)),
    dataIn: "object",
    aliases: [],
  },
  {
    name: "spektr",
    eventTypes: spektrEventTypes,
    schemas: spektrSchemas,
    typeIn: ({ value }) => String(value["eventType"]),
    schemaOf: (type) => (isKey(spektrSchemas, type) ? spektrEventSchema(type) : assert.fail(type)),
    dataIn: "data",
    aliases: [],
  },
  {
    name: "bubblehouse",
    eventTypes: [...bubblehouseEventTypes, { name: "customer_only", description: "" }],
    schemas: bubblehouseSchemas,
    typeIn: ({ value }) => (value["customer_only"] === true ? "customer_only" : String(value["name"])),
    schemaOf: bubblehouseInputSchema,
    dataIn: undefined,
    aliases: ["Asset Unlocked"],
  },
];

for (const { name, eventTypes, schemas, typeIn, schemaOf, dataIn, aliases } of vendors) {
  describe(`the schemas of ${name}`, () => {
    it("every type of the catalogue has a schema and a sample, and no other has", () => {
      const types = eventTypes.map((type) => type.name).toSorted();
      assert.deepEqual([...Object.keys(schemas), ...aliases].toSorted(), types);
      assert.deepEqual(samplesOf(name).map(typeIn).toSorted(), types);
    });

    it("a schema is deprecated where the catalogue names a successor", () => {
      for (const { name: type, deprecatedFor } of eventTypes) {
        assert.equal(schemas[type]?.deprecated === true, deprecatedFor !== undefined, type);
      }
    });

    it("every sample fits the schema of its type, with members that nobody knows as well", () => {
      const validator = setup();
      for (const sample of samplesOf(name)) {
        const errorsOf = validator(schemaOf(typeIn(sample)));
        assert.deepEqual(errorsOf(sample.value), [], sample.file);
        assert.deepEqual(errorsOf({ ...sample.value, added_later: { by: "vendor" } }), [], sample.file);
      }
    });

    it("every member of every sample is refused where it is of another type", () => {
      const validator = setup();
      let planted = 0;
      for (const sample of samplesOf(name)) {
        const errorsOf = validator(schemaOf(typeIn(sample)));
        const known = schemaOf(typeIn(sample)).properties ?? {};
        const inner = dataIn === undefined ? {} : (known[dataIn]?.properties ?? {});
        for (const member of Object.keys(known)) {
          assert.deepEqual(
            errorsOf({ ...sample.value, [member]: [[]] }),
            [`/${member}`],
            `${sample.file} ${member}`,
          );
          planted += 1;
        }
        for (const [member, schema] of Object.entries(inner)) {
          if (schema.type === undefined) continue;
          const wrong = [schema.type].flat().includes("array") ? {} : [[]];
          const data = { ...Object(sample.value[dataIn ?? ""]), [member]: wrong };
          const errors = errorsOf({ ...sample.value, [dataIn ?? ""]: data });
          assert.deepEqual(errors, [`/${dataIn}/${member}`], `${sample.file} ${member}`);
          planted += 1;
        }
      }
      assert.ok(planted > 80, String(planted));
    });

    it("what must be there is refused where it is missing", () => {
      const validator = setup();
      for (const sample of samplesOf(name)) {
        const schema = schemaOf(typeIn(sample));
        for (const member of schema.required ?? []) {
          const { [member]: _, ...rest } = sample.value;
          assert.equal(validator(schema)(rest).length, 1, `${sample.file} ${member}`);
        }
      }
    });
  });
}
