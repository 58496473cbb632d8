import type { EndpointProblem, Settings } from "./contract.ts";
import { given } from "./given-value.ts";
import type { JsonSchema } from "./json-schema.ts";

/** One setting of a contract: how it is checked when it enters, and read when a request is made. */
export interface Setting<Value> {
  readonly name: string;
  /** Completes "must be …". */
  readonly allowed: string;
  /** Says the same to a program, with the default. */
  readonly schema: JsonSchema;
  isAllowed(value: unknown): boolean;
  /** Returns the value, or the default where it is absent. Throws where what is stored was never allowed. */
  read(settings: Settings): Value;
}

interface Rule<Value, Absent> {
  readonly allowed: string;
  readonly schema: JsonSchema;
  readonly byDefault: Absent;
  readonly isAllowed: (value: unknown) => value is Value;
}

function setting<Value, Absent>(name: string, rule: Rule<Value, Absent>): Setting<Value | Absent> {
  const { allowed, schema, byDefault, isAllowed } = rule;
  return {
    name,
    allowed,
    schema,
    isAllowed,
    read(settings) {
      const value = settings[name];
      if (value === undefined) {
        return byDefault;
      }
      if (!isAllowed(value)) {
        throw new Error(`the stored setting ${name} must be ${allowed}, it is ${given(value)}`);
      }
      return value;
    },
  };
}

/** Makes a setting that is a whole number within limits, both included. */
export function wholeNumber(
  name: string,
  limits: { readonly from: number; readonly to: number; readonly byDefault: number },
): Setting<number> {
  const { from, to, byDefault } = limits;
  return setting(name, {
    allowed: `a whole number from ${from} to ${to}`,
    schema: { type: "integer", minimum: from, maximum: to, default: byDefault },
    byDefault,
    isAllowed: (value): value is number =>
      typeof value === "number" && Number.isInteger(value) && value >= from && value <= to,
  });
}

/** Makes a setting that is one of a few words; the first is the default. */
export function oneOf<Word extends string>(
  name: string,
  words: readonly [Word, ...(readonly Word[])],
): Setting<Word> {
  const [byDefault] = words;
  const rule = wordRule(words);
  return setting(name, { ...rule, schema: { ...rule.schema, default: byDefault }, byDefault });
}

/** Makes a setting that is one of a few words; undefined where it is absent. */
export function oneOfOrNone<Word extends string>(
  name: string,
  words: readonly Word[],
): Setting<Word | undefined> {
  return setting(name, { ...wordRule(words), byDefault: undefined });
}

function wordRule<Word extends string>(words: readonly Word[]): Omit<Rule<Word, never>, "byDefault"> {
  return {
    allowed: `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`,
    schema: { enum: words },
    isAllowed: (value): value is Word => words.some((word) => word === value),
  };
}

/** Makes a setting that is true or false. Default: false. */
export function flag(name: string, byDefault = false): Setting<boolean> {
  return setting(name, {
    allowed: "true or false",
    schema: { type: "boolean", default: byDefault },
    byDefault,
    isAllowed: (value): value is boolean => typeof value === "boolean",
  });
}

/** Makes a setting that is a text which the pattern matches; undefined where it is absent. */
export function text(
  name: string,
  form: { readonly pattern: RegExp; readonly allowed: string },
): Setting<string | undefined> {
  return setting(name, {
    allowed: form.allowed,
    schema: { type: "string", pattern: form.pattern.source, description: form.allowed },
    byDefault: undefined,
    isAllowed: (value): value is string => typeof value === "string" && form.pattern.test(value),
  });
}

/** Makes the schema of an endpoint's settings, given all the settings its contract knows. */
export function settingsSchemaOf(known: readonly Setting<unknown>[]): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(known.map(({ name, schema }) => [name, schema])),
    additionalProperties: false,
  };
}

/** Says what is wrong with an endpoint's settings, given all the settings its contract knows. */
export function settingProblems(
  settings: Settings,
  known: readonly Setting<unknown>[],
): readonly EndpointProblem[] {
  const problems: EndpointProblem[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const pointer = `/settings/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const rule = known.find((candidate) => candidate.name === name);
    if (rule === undefined) {
      problems.push({ pointer, detail: `unknown setting: this contract has ${namesOf(known)}` });
    } else if (!rule.isAllowed(value)) {
      problems.push({ pointer, detail: `${name} must be ${rule.allowed}, got ${given(value)}` });
    }
  }
  return problems;
}

function namesOf(known: readonly Setting<unknown>[]): string {
  return known.length === 0 ? "none" : known.map(({ name }) => name).join(", ");
}
