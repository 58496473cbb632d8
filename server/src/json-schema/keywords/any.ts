/** Keywords for values of any type. */
import { canonicalText } from "../json-value.ts";
import type { Keywords } from "../keyword.ts";
import { startRun, tell, tellKind } from "../run.ts";
import type { Rule } from "../schema.ts";
import { TYPE_NAMES } from "../type-names.ts";

const VALUES_SHOWN_MAX = 10;
const VALUE_SHOWN_LENGTH_MAX = 40;

export const ANY_KEYWORDS: Keywords = {
  type(given, reading) {
    const names: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (names.length === 0 || new Set(names).size < names.length || !names.every(isTypeName)) {
      return reading.refuse(["type"], `must be one or some of ${Object.keys(TYPE_NAMES).join(", ")}`);
    }
    const rule = `be ${names.map((name) => TYPE_NAMES[name]).join(" or ")}`;
    return (value, run) => names.some((name) => isOfType(value, name)) || tellKind(run, rule, value);
  },

  enum(given, reading) {
    if (!Array.isArray(given) || given.length === 0) {
      return reading.refuse(["enum"], "must be an array of at least one value");
    }
    reading.count(given.length);
    return oneOf(given);
  },

  const: (given) => oneOf([given]),
};

function isTypeName(name: unknown): name is string {
  return typeof name === "string" && Object.hasOwn(TYPE_NAMES, name);
}

function isOfType(value: unknown, name: string): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === name;
  }
}

function oneOf(allowed: readonly unknown[]): Rule {
  // The schema's own values, which its limits bound.
  const unlimited = startRun({ isQuiet: true });
  const texts = new Set(allowed.map((each) => canonicalText(each, unlimited)));
  const shown = allowed.slice(0, VALUES_SHOWN_MAX).map(shownText);
  const more = allowed.length > VALUES_SHOWN_MAX ? [`${allowed.length - VALUES_SHOWN_MAX} more`] : [];
  const detail = `must be ${[...shown, ...more].join(" or ")}`;
  const hasComposite = allowed.some((each) => typeof each === "object" && each !== null);
  return (value, run) => {
    const isCandidate = hasComposite || typeof value !== "object" || value === null;
    return (isCandidate && texts.has(canonicalText(value, run))) || tell(run, detail);
  };
}

function shownText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= VALUE_SHOWN_LENGTH_MAX
    ? text
    : `${text.slice(0, VALUE_SHOWN_LENGTH_MAX).toWellFormed()}…`;
}
