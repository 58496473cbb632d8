import { isObject, type JsonObject, namesOf } from "../json-value.ts";
import type { Keywords, Reading } from "../keyword.ts";
import { namesIn, schemasByName, wholeNumberIn } from "../keyword-forms.ts";
import type { Pattern } from "../pattern.ts";
import { type Run, tell } from "../run.ts";
import { areAll, fits, fitsAt, fitsQuietly, isDecided, type Rule } from "../schema.ts";

/** What is told of a member where there may be no others. */
export const UNKNOWN_MEMBER = "is not a name that is known here";

/** Keywords for objects. */
export const OBJECT_KEYWORDS: Keywords = {
  minProperties(_given, reading) {
    const least = wholeNumberIn("minProperties", reading);
    return least === undefined
      ? undefined
      : forObjects(
          (value, run) =>
            namesOf(value, run).length >= least || tell(run, `must have at least ${least} members`),
        );
  },

  maxProperties(_given, reading) {
    const most = wholeNumberIn("maxProperties", reading);
    return most === undefined
      ? undefined
      : forObjects(
          (value, run) =>
            namesOf(value, run).length <= most || tell(run, `must have at most ${most} members`),
        );
  },

  required(given, reading) {
    const names = namesIn(["required"], given, reading);
    return forObjects((value, run) =>
      areAll(run, names, (name) => Object.hasOwn(value, name) || tell(run, "is missing", name)),
    );
  },

  dependentRequired(given, reading) {
    if (!isObject(given)) {
      return reading.refuse(["dependentRequired"], "must be an object of names");
    }
    const needs = Object.entries(given).map(
      ([name, needed]) => [name, namesIn(["dependentRequired", name], needed, reading)] as const,
    );
    return forObjects((value, run) =>
      areAll(
        run,
        needs.filter(([name]) => Object.hasOwn(value, name)).flatMap(([, needed]) => needed),
        (name) => Object.hasOwn(value, name) || tell(run, "is missing beside what else is there", name),
      ),
    );
  },

  propertyNames(_given, reading) {
    const schema = reading.schemaAt(["propertyNames"]);
    return forObjects((value, run) =>
      areAll(
        run,
        namesOf(value, run),
        (name) => fitsQuietly(schema, name, run) || tell(run, "has a name that may not be", name),
      ),
    );
  },

  properties(_given, reading) {
    const schemas = schemasByName("properties", reading);
    return (value, run) => {
      if (!isObject(value)) {
        return true;
      }
      let areFit = true;
      // A loop, and not areAll: where schemas lead into themselves, they do here.
      for (const [name, schema] of schemas) {
        if (Object.hasOwn(value, name)) {
          areFit = fitsAt(schema, value[name], run, name) && areFit;
          if (isDecided(run, areFit)) {
            break;
          }
        }
      }
      return areFit;
    };
  },

  patternProperties(_given, reading) {
    const schemas = schemasByName("patternProperties", reading).flatMap(([source, schema]) => {
      const pattern = reading.patternOf(source, ["patternProperties", source]);
      return pattern === undefined ? [] : [{ pattern, schema }];
    });
    return forObjects((value, run) =>
      areAll(run, namesOf(value, run), (name) =>
        areAll(
          run,
          schemas,
          ({ pattern, schema }) => !pattern.isIn(name, run) || fitsAt(schema, value[name], run, name),
        ),
      ),
    );
  },

  additionalProperties(_given, reading) {
    const schema = reading.schemaAt(["additionalProperties"], UNKNOWN_MEMBER);
    const known = new Set(namesBeside("properties", reading));
    const patterns = patternsBeside(reading);
    return forObjects((value, run) =>
      areAll(
        run,
        namesOf(value, run),
        (name) =>
          known.has(name) ||
          patterns.some((pattern) => pattern.isIn(name, run)) ||
          fitsAt(schema, value[name], run, name),
      ),
    );
  },

  dependentSchemas(_given, reading) {
    const schemas = schemasByName("dependentSchemas", reading, "inPlaceAt");
    return forObjects((value, run) =>
      areAll(run, schemas, ([name, schema]) => !Object.hasOwn(value, name) || fits(schema, value, run)),
    );
  },
};

/** Makes a rule that asks nothing of what is no object. */
export function forObjects(rule: (value: JsonObject, run: Run) => boolean): Rule {
  return (value, run) => !isObject(value) || rule(value, run);
}

function namesBeside(keyword: string, reading: Reading): readonly string[] {
  const given = reading.valueOf(keyword);
  return isObject(given) ? Object.keys(given) : [];
}

function patternsBeside(reading: Reading): readonly Pattern[] {
  return namesBeside("patternProperties", reading).flatMap(
    (source) => reading.patternOf(source, ["patternProperties", source]) ?? [],
  );
}
