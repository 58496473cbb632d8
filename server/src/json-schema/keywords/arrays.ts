import { canonicalText } from "../json-value.ts";
import type { Keywords, Reading } from "../keyword.ts";
import { schemasInList, wholeNumberIn } from "../keyword-forms.ts";
import { type Run, tell } from "../run.ts";
import { areAll, fitsAt, fitsQuietly } from "../schema.ts";

/** Keywords for arrays. */
export const ARRAY_KEYWORDS: Keywords = {
  minItems(_given, reading) {
    const least = wholeNumberIn("minItems", reading);
    return least === undefined
      ? undefined
      : (value, run) =>
          !Array.isArray(value) || value.length >= least || tell(run, `must have at least ${least} items`);
  },

  maxItems(_given, reading) {
    const most = wholeNumberIn("maxItems", reading);
    return most === undefined
      ? undefined
      : (value, run) =>
          !Array.isArray(value) || value.length <= most || tell(run, `must have at most ${most} items`);
  },

  uniqueItems(given, reading) {
    if (typeof given !== "boolean") {
      return reading.refuse(["uniqueItems"], "must be true or false");
    }
    return given ? (value, run) => !Array.isArray(value) || areUnique(value, run) : undefined;
  },

  prefixItems(_given, reading) {
    const schemas = schemasInList("prefixItems", reading);
    return (value, run) =>
      !Array.isArray(value) ||
      areAll(run, schemas.slice(0, value.length).entries(), ([index, schema]) =>
        fitsAt(schema, value[index], run, index),
      );
  },

  items(given, reading) {
    if (Array.isArray(given)) {
      return reading.refuse(["items"], "must be one schema: a list of them is prefixItems since 2020-12");
    }
    const prefix = reading.valueOf("prefixItems");
    const from = Array.isArray(prefix) ? prefix.length : 0;
    const schema = reading.schemaAt(["items"], "is one item too many");
    return (value, run) =>
      !Array.isArray(value) ||
      areAll(run, range(from, value.length), (index) => fitsAt(schema, value[index], run, index));
  },

  contains(_given, reading) {
    const schema = reading.schemaAt(["contains"]);
    const least = boundOr("minContains", reading, 1);
    const most = boundOr("maxContains", reading, Infinity);
    return (value, run) => {
      if (!Array.isArray(value)) {
        return true;
      }
      let count = 0;
      for (const [index, item] of value.entries()) {
        if (fitsQuietly(schema, item, run)) {
          count += 1;
          run.seen?.add(index);
        }
        if (run.workLeft === 0) {
          break;
        }
      }
      return (
        (count >= least || tell(run, `must contain at least ${least} items as contains says`)) &&
        (count <= most || tell(run, `must contain at most ${most} items as contains says`))
      );
    };
  },

  minContains(_given, reading) {
    wholeNumberIn("minContains", reading);
    return undefined;
  },

  maxContains(_given, reading) {
    wholeNumberIn("maxContains", reading);
    return undefined;
  },
};

/** Counts from one place up to another, which is not included. */
function* range(from: number, to: number): Iterable<number> {
  for (let at = from; at < to; at += 1) {
    yield at;
  }
}

/** Reads a bound that is checked where it stands. */
function boundOr(keyword: string, reading: Reading, absent: number): number {
  const bound = reading.valueOf(keyword);
  return typeof bound === "number" ? bound : absent;
}

/** Compares by texts, so that many items take no longer than they are long. */
function areUnique(items: readonly unknown[], run: Run): boolean {
  const places = new Map<string, number>();
  return areAll(run, items.entries(), ([index, item]) => {
    const text = canonicalText(item, run);
    const first = places.get(text);
    if (first === undefined) {
      places.set(text, index);
      return true;
    }
    return tell(run, `must be unique: it is the same as item ${first}`, index);
  });
}
