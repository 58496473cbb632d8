import { isDeepStrictEqual } from "node:util";
import { asList, asObject } from "../house-rules/tree.ts";
import { type Example, withExamples } from "./client-examples.ts";
import { commentOf, membersOf, typeOf } from "./client-types.ts";

type Json = Readonly<Record<string, unknown>>;

/** The vendors' own APIs have clients of their own. */
const LEFT_OUT = new Set(["Vendors' own APIs"]);

/** Writes the client's operations, and the types of what they take and answer, as the API describes them. */
export function clientOperations(description: Json, examples: readonly Example[]): string {
  return withExamples(operationsText(description), examples, { isRepeated: true });
}

function operationsText(description: Json): string {
  const kept = keptOperations(description);
  const operations = kept.map(operationOf);
  const schemas = asObject(asObject(description["components"])["schemas"]);
  const isReferredTo = referredTo(kept.map(asTaken), schemas);
  const components = Object.entries(schemas).filter(([name]) => isReferredTo.has(name));
  return [
    "/** Written by scripts/write-reference.ts from the API's description; do not change it by hand. */",
    'import type { Call, CallOptions, Pages, Stream } from "./call.ts";',
    'import { path } from "./path.ts";',
    "",
    ...components.map(([name, schema]) => interfaceOf(name, schema, baseOf(name, schema, components))),
    problemCodes(schemas),
    ...operations.flatMap(({ asked }) => asked.map(({ name, schema }) => interfaceOf(name, schema))),
    "/**",
    " * Everything a server can be asked for. In the examples `posthorn` is a client, `tenant` the id of a",
    " * tenant, and `receiver` a URL that takes what it is sent; `deliveryOf` and `until` wait for what they",
    " * are asked. docs/reference/client.md of the repository has them, and the examples as whole programs.",
    " */",
    "export interface Operations {",
    operations.map(signatureOf).join("\n"),
    "}",
    "",
    "/** Asks for everything by one function that makes calls. */",
    "// house-rules allow function-length: a line or two for each operation there is",
    "export function operationsOver(call: Call): Operations {",
    "  return {",
    ...operations.map(implementationOf),
    "  };",
    "}",
    "",
  ].join("\n");
}

/** The codes of the API's answers, of which an error has one, as far as they are known by now. */
function problemCodes(schemas: Json): string {
  const { code } = asObject(asObject(schemas["Problem"])["properties"]);
  const codes = typeOf({ enum: asObject(code)["examples"] });
  return `/** What the API says went wrong. More may be added. */\nexport type ProblemCode =${codes};\n`;
}

interface Operation {
  readonly id: string;
  readonly comment: string;
  readonly method: string;
  readonly path: string;
  /** Names of parameters in the path. */
  readonly places: readonly string[];
  readonly body: { readonly type: string; readonly isOptional: boolean } | undefined;
  readonly query: string | undefined;
  readonly answer: string;
  readonly isList: boolean;
  /** Whether it goes on answering. */
  readonly isStream: boolean;
  /** Types of what it takes, to be written down. */
  readonly asked: readonly { readonly name: string; readonly schema: unknown }[];
}

interface KeptOperation {
  readonly method: string;
  readonly at: string;
  readonly operation: Json;
}

function keptOperations({ paths }: Json): readonly KeptOperation[] {
  return Object.entries(asObject(paths)).flatMap(([at, methods]) =>
    Object.entries(asObject(methods))
      .filter(([method, operation]) => method !== "options" && !isLeftOut(operation))
      .map(([method, operation]) => ({ method: method.toUpperCase(), at, operation: asObject(operation) })),
  );
}

/** An operation with the one form of its request that the client sends. */
function asTaken({ operation }: KeptOperation): Json {
  const content = asObject(asObject(operation["requestBody"])["content"]);
  return { ...operation, requestBody: content["application/json"] };
}

/** Names of the schemas that something refers to, itself or by another of them. */
function referredTo(what: unknown, schemas: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (within: unknown): void => {
    for (const [, name = ""] of JSON.stringify(within).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (!found.has(name)) {
        found.add(name);
        look(schemas[name]);
      }
    }
  };
  look(what);
  return found;
}

function isLeftOut(operation: unknown): boolean {
  return (
    contentOf(asObject(operation))["text/plain"] !== undefined ||
    asList(asObject(operation)["tags"]).some((tag) => LEFT_OUT.has(String(tag)))
  );
}

function operationOf({ method, at, operation }: KeptOperation): Operation {
  const id = String(operation["operationId"]);
  const named = id.charAt(0).toUpperCase() + id.slice(1);
  const parameters = asList(operation["parameters"]).map(asObject);
  const inQuery = parameters.filter((parameter) => parameter["in"] === "query");
  const request = asObject(operation["requestBody"]);
  const schema = asObject(asObject(request["content"])["application/json"])["schema"];
  const body = schema === undefined ? undefined : bodyOf(schema, `${named}Body`);
  const members = new Map(inQuery.map((parameter) => [String(parameter["name"]), parameter["schema"]]));
  const query = { type: "object", properties: Object.fromEntries(members) };
  const answers = answersOf(operation);
  const [first] = answers;
  const item = asObject(asObject(asObject(first)["properties"])["data"])["items"];
  const isList = method === "GET" && asObject(asObject(first)["properties"])["next_cursor"] !== undefined;
  return {
    id,
    comment: [operation["summary"], operation["description"] ?? []].flat().map(String).join(". "),
    method,
    path: at,
    places: [...at.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    body: body && { type: body.type, isOptional: request["required"] !== true },
    query: inQuery.length === 0 ? undefined : `${named}Query`,
    answer: isList
      ? typeOf(item)
      : [...new Set(answers.map((answer) => typeOf(answer, 1)))].join(" | ") || "void",
    isList,
    isStream: isStream(operation),
    asked: [
      ...(body?.schema === undefined
        ? []
        : [{ name: body.type, schema: withDescription(body.schema, `What \`${id}\` takes.`) }]),
      ...(inQuery.length === 0
        ? []
        : [{ name: `${named}Query`, schema: withDescription(query, `What \`${id}\` can be asked for.`) }]),
    ],
  };
}

/** What a schema says of itself goes before what can be said of any. */
function withDescription(schema: unknown, description: string): Json {
  return { description, ...asObject(schema) };
}

/** An object gets a name of its own; anything else stands where it is taken. */
function bodyOf(schema: unknown, name: string): { readonly type: string; readonly schema: unknown } {
  const choices = asList(asObject(schema)["anyOf"]).filter((choice) => asObject(choice)["type"] !== "null");
  const [only] = choices.length === 1 ? choices : [schema];
  const isObject =
    asObject(asObject(only)["properties"])["next"] === undefined && "properties" in asObject(only);
  return isObject ? { type: name, schema: only } : { type: typeOf(schema, 2), schema: undefined };
}

function answersOf(operation: Json): readonly unknown[] {
  return Object.entries(asObject(operation["responses"]))
    .filter(([status]) => status !== "default")
    .flatMap(([, answer]) => Object.values(asObject(asObject(answer)["content"])))
    .map((content) => asObject(content)["schema"]);
}

function isStream(operation: Json): boolean {
  return contentOf(operation)["text/event-stream"] !== undefined;
}

function contentOf(operation: Json): Json {
  return asObject(asObject(asObject(operation["responses"])["200"])["content"]);
}

type Named = readonly [name: string, schema: unknown];

/** Finds the largest of the others whose members an object all has, as they are there. */
function baseOf(name: string, schema: unknown, components: readonly Named[]): Named | undefined {
  const members = Object.entries(asObject(asObject(schema)["properties"]));
  const isBase = ([other, base]: Named): boolean => {
    const its = Object.entries(asObject(asObject(base)["properties"]));
    const isWithin = its.every((member) => members.some((own) => isDeepStrictEqual(own, member)));
    const isRequired = isDeepStrictEqual(its.filter(isRequiredIn(base)), its.filter(isRequiredIn(schema)));
    return other !== name && its.length > 1 && its.length < members.length && isWithin && isRequired;
  };
  return components.filter(isBase).toSorted(([, one], [, other]) => sizeOf(other) - sizeOf(one))[0];
}

function isRequiredIn(schema: unknown): (member: readonly [name: string, schema: unknown]) => boolean {
  const required = asList(asObject(schema)["required"]);
  return ([name]) => required.includes(name);
}

function sizeOf(schema: unknown): number {
  return Object.keys(asObject(asObject(schema)["properties"])).length;
}

function interfaceOf(name: string, schema: unknown, base?: Named): string {
  const { description, properties } = asObject(schema);
  const comment = commentOf(typeof description === "string" ? description : undefined, "");
  if (properties === undefined) {
    const line = `export type ${name} = ${typeOf(schema)};`;
    const broken = line.replace(" =", " =\n ").replaceAll(" | ", "\n  | ");
    return `${comment}${line.length > 110 ? broken : line}\n`;
  }
  const [baseName, baseSchema] = base ?? [];
  const known = asObject(asObject(baseSchema)["properties"]);
  const own = Object.entries(asObject(properties)).filter(([member]) => !Object.hasOwn(known, member));
  const extending = baseName === undefined ? "" : ` extends ${baseName}`;
  const members = membersOf({ ...asObject(schema), properties: Object.fromEntries(own) }, 1);
  return `${comment}export interface ${name}${extending} {\n${members}}\n`;
}

function signatureOf({ id, comment, places, body, query, ...answered }: Operation): string {
  const { answer, isList } = answered;
  const parameters = [
    ...places.map((name) => `${name}: string`),
    ...(body === undefined ? [] : [`body${body.isOptional ? "?" : ""}: ${body.type}`]),
    ...(query === undefined ? [] : [`query?: ${query}`]),
    "options?: CallOptions",
  ];
  const returned = `${answered.isStream ? "Stream" : isList ? "Pages" : "Promise"}<${answer}>`;
  const head = `  ${id}(${parameters.join(", ")}): ${returned};`;
  const broken = `  ${id}(\n${parameters.map((each) => `    ${each},\n`).join("")}  ): ${returned};`;
  return `${commentOf(comment.replace(/\.?$/, "."), "  ")}${head.length > 110 ? broken : head}`;
}

function implementationOf(operation: Operation): string {
  const { id, method, path: at, places, body, query } = operation;
  const names = [
    ...places,
    ...(body === undefined ? [] : ["body"]),
    ...(query === undefined ? [] : ["query"]),
    "options",
  ];
  const place = places.length === 0 ? `"${at}"` : `path\`${at.replaceAll("{", "${")}\``;
  const given = names.filter((name) => !places.includes(name)).join(", ");
  const made =
    operation.isList || operation.isStream
      ? `call.${operation.isList ? "pages" : "stream"}(${place}, { ${given} })`
      : `call.once("${method}", ${place}, { ${given} })`;
  return `    ${id}: (${names.join(", ")}) =>\n      ${made},`;
}
