/** Keywords that lead to other schemas for the same value. */
import { tellClosest, tryEach } from "../alternatives.ts";
import type { Keywords } from "../keyword.ts";
import { schemasInList, textIn } from "../keyword-forms.ts";
import { tell } from "../run.ts";
import { areAll, fits, fitsApart, fitsQuietly, type Schema } from "../schema.ts";

export const IN_PLACE_KEYWORDS: Keywords = {
  $ref(_given, reading) {
    const reference = textIn("$ref", reading);
    if (reference === undefined) {
      return undefined;
    }
    let target: Schema | undefined;
    reading.follow(reference, (schema) => {
      target = schema;
    });
    return (value, run) => target === undefined || fits(target, value, run);
  },

  allOf(_given, reading) {
    const schemas = schemasInList("allOf", reading, "inPlaceAt");
    return (value, run) => areAll(run, schemas, (schema) => fits(schema, value, run));
  },

  anyOf(_given, reading) {
    const schemas = schemasInList("anyOf", reading, "inPlaceAt");
    return (value, run) => {
      const { fitting, faults } = tryEach({ schemas, enough: 1 }, value, run);
      return fitting > 0 || tellClosest(faults, run, "at least one of the schemas of anyOf");
    };
  },

  oneOf(_given, reading) {
    const schemas = schemasInList("oneOf", reading, "inPlaceAt");
    return (value, run) => {
      const { fitting, faults } = tryEach({ schemas, enough: 2 }, value, run);
      if (fitting > 1) {
        return tell(run, "must fit exactly one of the schemas of oneOf, and fits more than one");
      }
      return fitting === 1 || tellClosest(faults, run, "exactly one of the schemas of oneOf");
    };
  },

  not(_given, reading) {
    const schema = reading.inPlaceAt(["not"]);
    return (value, run) => !fitsQuietly(schema, value, run) || tell(run, "must not fit the schema of not");
  },

  if(_given, reading) {
    const condition = reading.inPlaceAt(["if"]);
    const then = reading.valueOf("then") === undefined ? undefined : reading.inPlaceAt(["then"]);
    const otherwise = reading.valueOf("else") === undefined ? undefined : reading.inPlaceAt(["else"]);
    return (value, run) => {
      run.quiet += 1;
      const holds = fitsApart(condition, value, run);
      run.quiet -= 1;
      const next = holds ? then : otherwise;
      return next === undefined || fits(next, value, run);
    };
  },

  // Read even without `if`: references may lead there.
  then(_given, reading) {
    reading.inPlaceAt(["then"]);
    return undefined;
  },

  else(_given, reading) {
    reading.inPlaceAt(["else"]);
    return undefined;
  },
};
