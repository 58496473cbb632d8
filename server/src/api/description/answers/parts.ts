/** What answers are made of. Objects say all their members: a test finds one that is not described. */
import { type TProperties, type TSchema, Type } from "typebox";

export const id = (prefix: string, of: string) =>
  Type.String({ description: `Of ${of}; starts with ${prefix}_, and says nothing else.` });

export const time = (description: string) => Type.String({ format: "date-time", description });

export const count = (description: string) => Type.Integer({ minimum: 0, description });

export const text = (description: string) => Type.String({ description });

export const flag = (description: string) => Type.Boolean({ description });

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** Present only where it is true. */
export const onlyTrue = (description: string) => Type.Optional(Type.Literal(true, { description }));

export const closed = <Properties extends TProperties>(properties: Properties, description?: string) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

/** One page of a list. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  closed({
    data: Type.Array(item),
    next_cursor: nullable(text("For the next page, as `cursor`. Null: this was the last.")),
  });
