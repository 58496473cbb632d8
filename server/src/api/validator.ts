import type { FastifySchemaCompiler } from "fastify";
import type { TObject, TSchema } from "typebox";
import { Compile } from "typebox/compile";

/**
 * Makes the validator of a route's body or query. A body's values are taken as they are; a query's are
 * texts, of which only whole numbers are turned into what the schema asks for.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  const whole = httpPart === "querystring" ? integerNames(schema) : [];
  return (given: unknown) => {
    const value = whole.length === 0 ? given : withIntegers(given, whole);
    return check.Check(value) ? { value } : { error: check.Errors(value) };
  };
};

const WHOLE_NUMBER = /^-?\d{1,9}$/;

function integerNames(schema: TSchema): readonly string[] {
  const { properties }: Partial<TObject> = schema;
  return Object.entries(properties ?? {})
    .filter(([, property]) => "type" in property && property.type === "integer")
    .map(([name]) => name);
}

function withIntegers(query: unknown, names: readonly string[]): unknown {
  if (typeof query !== "object" || query === null) {
    return query;
  }
  return Object.fromEntries(
    Object.entries(query).map(([name, text]: readonly [string, unknown]) => {
      const isWhole = names.includes(name) && typeof text === "string" && WHOLE_NUMBER.test(text);
      return [name, isWhole ? Number(text) : text];
    }),
  );
}
