/** Keywords for what no other keyword of a schema has seen. They come last. */
import { namesOf } from "../json-value.ts";
import type { Keywords } from "../keyword.ts";
import { areAll, fitsAt } from "../schema.ts";
import { forObjects, UNKNOWN_MEMBER } from "./objects.ts";

export const UNEVALUATED_KEYWORDS: Keywords = {
  unevaluatedItems(_given, reading) {
    const schema = reading.schemaAt(["unevaluatedItems"], "is one item too many");
    reading.lookBack();
    return (value, run) =>
      !Array.isArray(value) ||
      areAll(
        run,
        value.entries(),
        ([index, item]) => run.seen?.has(index) === true || fitsAt(schema, item, run, index),
      );
  },

  unevaluatedProperties(_given, reading) {
    const schema = reading.schemaAt(["unevaluatedProperties"], UNKNOWN_MEMBER);
    reading.lookBack();
    return forObjects((value, run) =>
      areAll(
        run,
        namesOf(value, run),
        (name) => run.seen?.has(name) === true || fitsAt(schema, value[name], run, name),
      ),
    );
  },
};
