import type { Catalogue, Contract } from "@posthorn/contracts/contract";
import type { TObject, TSchema } from "typebox";
import { PROBLEMS } from "../../problem.ts";
import type { RouteEntry } from "../allowed-methods.ts";
import type { Operation, OperationGroup } from "./operation.ts";
import { OPERATION_GROUPS } from "./operations.ts";
import { createSchemaWriter, type Json, type SchemaWriter } from "./schema-writer.ts";

export interface Described {
  readonly routes: readonly RouteEntry[];
  readonly contracts: readonly Contract[];
  readonly version: string;
}

/** Describes the API as OpenAPI 3.1 does: what routes there are, what they take and what they answer. */
export function openApiOf({ routes, contracts, version }: Described): Json {
  const writers = {
    // Readers must take members that are new to them: ours are closed only so that tests find them.
    answers: createSchemaWriter({
      named: merged(OPERATION_GROUPS.map(({ schemas }) => schemas)),
      isOpen: true,
    }),
    requests: createSchemaWriter({
      named: merged(OPERATION_GROUPS.map(({ requestSchemas = {} }) => requestSchemas)),
      isOpen: false,
    }),
  };
  const paths: Record<string, Record<string, Json>> = {};
  for (const group of OPERATION_GROUPS) {
    for (const [at, operation] of Object.entries(group.operations)) {
      const route = routes.find(({ method, path }) => `${method} ${path}` === at);
      if (route !== undefined) {
        const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
        paths[path] = {
          ...paths[path],
          [route.method.toLowerCase()]: describe({ route, operation, group, writers }),
        };
      }
    }
  }
  return {
    openapi: "3.1.1",
    info: { title: "Posthorn", version, description: DESCRIPTION, license: LICENSE },
    servers: [{ url: "/" }],
    tags: OPERATION_GROUPS.map(({ name, description }) => ({ name, description })),
    paths,
    webhooks: merged(contracts.map(({ name, catalogue }) => webhooksOf(name, catalogue))),
    components: {
      schemas: { ...writers.answers.components(), ...writers.requests.components(), Problem: PROBLEM },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An admin key, or a key of one tenant." },
        spektr: { type: "apiKey", in: "header", name: "x-api-key", description: "A key of one tenant." },
      },
      responses: {
        Problem: {
          description: "What went wrong, by a stable `code` (RFC 9457).",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

function merged<Value>(parts: readonly Readonly<Record<string, Value>>[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

const DESCRIPTION =
  "Hands over events, and shows what became of them. Ids are opaque, times are ISO 8601 in UTC, lists come " +
  "in pages.";
const LICENSE = { name: "Apache-2.0", identifier: "Apache-2.0" };

const PROBLEM: Json = {
  type: "object",
  required: ["type", "title", "status", "code", "detail", "errors"],
  properties: {
    type: { type: "string" },
    title: { type: "string", description: "Of the code." },
    status: { type: "integer" },
    code: { type: "string", description: "Stable. More may be added.", examples: Object.keys(PROBLEMS) },
    detail: { type: "string", description: "Of this request, for people." },
    errors: {
      type: "array",
      items: { $ref: "#/components/schemas/WrongMember" },
      description: "Every wrong member.",
    },
  },
};

interface Describing {
  readonly route: RouteEntry;
  readonly operation: Operation;
  readonly group: OperationGroup;
  readonly writers: { readonly answers: SchemaWriter; readonly requests: SchemaWriter };
}

function describe({ route, operation, group, writers }: Describing): Json {
  const needs = operation.needs ?? route.needs;
  const security = needs === undefined ? [] : [{ [needs.scheme]: [] }];
  const body = bodyOf(operation, route.body, writers.requests);
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(needs === undefined ? {} : { description: `Needs ${needs.what}.` }),
    tags: [group.name],
    security,
    parameters: parametersOf(route, operation, writers.requests),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [
          status,
          answer === null
            ? { description: "Done." }
            : {
                description: "Done.",
                content: {
                  [operation.contentType ?? "application/json"]: { schema: writers.answers.write(answer) },
                },
              },
        ]),
      ),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function bodyOf(operation: Operation, checked: TSchema | undefined, writer: SchemaWriter): Json | undefined {
  const bodies = operation.bodies ?? (checked === undefined ? undefined : { "application/json": checked });
  return (
    bodies && {
      required: operation.isBodyOptional !== true,
      content: Object.fromEntries(
        Object.entries(bodies).map(([type, schema]) => [type, { schema: writer.write(schema) }]),
      ),
    }
  );
}

function parametersOf({ path, query }: RouteEntry, operation: Operation, writer: SchemaWriter): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    description: `Which ${name}: ${name === "type" || name === "subject" ? "its name" : "its id"}.`,
  }));
  const asked: Partial<TObject> = query ?? {};
  const required: readonly string[] = asked.required ?? [];
  const inQuery = Object.entries(asked.properties ?? {}).map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: writer.write(property),
  }));
  const inHeader = (operation.headers ?? []).map(({ name, description }) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

/** What receivers get: the schema is of an event's `data`, which the contract puts into its own envelope. */
function webhooksOf(contract: string, { eventTypes }: Catalogue): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    eventTypes.map(({ name, description, deprecatedFor, schema, example }) => [
      `${contract}: ${name}`,
      {
        post: {
          summary: description,
          tags: [contract],
          ...(deprecatedFor === undefined ? {} : { deprecated: true }),
          requestBody: {
            description: `\`data\` of the event, in the envelope of the contract ${contract}.`,
            content: {
              "application/json": {
                schema: schema ?? {},
                ...(example === undefined ? {} : { example: example.data }),
              },
            },
          },
          responses: { 200: { description: "Taken." } },
        },
      },
    ]),
  );
}
