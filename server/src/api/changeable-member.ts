/** Members that a caller may set, leave as they are by leaving them out, or give back by null. */
import { Type } from "typebox";

export const orNull = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/** Returns what is given; what is absent stays as it was, what is null becomes the default. */
export function taken<Value>(given: Value | null | undefined, before: Value, byDefault: Value): Value {
  if (given === undefined) {
    return before;
  }
  return given === null ? byDefault : given;
}
