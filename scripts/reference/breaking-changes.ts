/** What of an API's description its callers must not lose. */
import { asList, asObject } from "../house-rules/tree.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Says what of an older description a newer one breaks, for whoever wrote a program against the older: an
 * operation or a member of an answer that is gone, and whatever a request could be that is refused now. Both
 * are OpenAPI 3.1 as `/openapi.json` answers it.
 */
export function breakingChanges(before: unknown, after: unknown): readonly string[] {
  const broken: string[] = [];
  const older = operationsOf(before);
  const newer = operationsOf(after);
  for (const [at, operation] of older) {
    const now = newer.get(at);
    if (now === undefined) {
      broken.push(`${at} is gone`);
      continue;
    }
    const answers = contentsOf(before, objectAt(operation, "responses"));
    const answersNow = contentsOf(after, objectAt(now, "responses"));
    for (const [place, schema] of answers) {
      compareAnswers({ before, after, broken, at: `${at} ${place}` }, schema, answersNow.get(place));
    }
    const bodies = contentsOf(before, { body: objectAt(operation, "requestBody") });
    const bodiesNow = contentsOf(after, { body: objectAt(now, "requestBody") });
    for (const [place, schema] of bodiesNow) {
      compareRequests({ before, after, broken, at: `${at} ${place}` }, bodies.get(place), schema);
    }
    for (const place of bodies.keys()) {
      if (!bodiesNow.has(place)) {
        broken.push(`${at} ${place} is gone`);
      }
    }
    compareParameters(broken, at, { before: operation, after: now });
  }
  return broken;
}

interface Comparison {
  readonly before: unknown;
  readonly after: unknown;
  readonly broken: string[];
  readonly at: string;
}

/** An answer may come to have more; what it had, it keeps. */
function compareAnswers(comparison: Comparison, older: unknown, newer: unknown): void {
  const { before, after, broken, at } = comparison;
  const was = resolved(before, older);
  const is = resolved(after, newer);
  if (newer === undefined) {
    broken.push(`${at} is gone`);
    return;
  }
  compareTypes(comparison, was, is);
  const members = objectAt(was, "properties");
  const membersNow = objectAt(is, "properties");
  const required = textsAt(is, "required");
  for (const [name, member] of Object.entries(members)) {
    const inside = { ...comparison, at: `${at}/${name}` };
    if (textsAt(was, "required").includes(name) && !required.includes(name)) {
      broken.push(`${inside.at} ${name in membersNow ? "may be absent" : "is gone"}`);
    }
    if (name in membersNow) {
      compareAnswers(inside, member, membersNow[name]);
    }
  }
  if ("items" in was) {
    compareAnswers({ ...comparison, at: `${at}/*` }, was["items"], is["items"]);
  }
}

/** A request may come to be more; what it could be, it still can. */
function compareRequests(comparison: Comparison, older: unknown, newer: unknown): void {
  const { before, after, broken, at } = comparison;
  const was = resolved(before, older);
  const is = resolved(after, newer);
  compareTypes(comparison, was, is);
  const members = objectAt(was, "properties");
  const membersNow = objectAt(is, "properties");
  for (const name of Object.keys(members)) {
    if (!(name in membersNow)) {
      broken.push(`${at}/${name} is refused`);
    }
  }
  for (const name of textsAt(is, "required")) {
    if (!textsAt(was, "required").includes(name)) {
      broken.push(`${at}/${name} must be there`);
    }
  }
  for (const [name, member] of Object.entries(membersNow)) {
    if (name in members) {
      compareRequests({ ...comparison, at: `${at}/${name}` }, members[name], member);
    }
  }
  for (const value of asList(was["enum"])) {
    if (is["enum"] !== undefined && !asList(is["enum"]).includes(value)) {
      broken.push(`${at} must not be ${JSON.stringify(value)}`);
    }
  }
}

function compareTypes({ broken, at }: Comparison, was: Json, is: Json): void {
  const [older, newer] = [JSON.stringify(was["type"]), JSON.stringify(is["type"])];
  if (was["type"] !== undefined && is["type"] !== undefined && older !== newer) {
    broken.push(`${at} was ${older} and is ${newer}`);
  }
}

function compareParameters(
  broken: string[],
  at: string,
  { before, after }: { readonly before: Json; readonly after: Json },
): void {
  const names = (operation: Json, isRequired: boolean): readonly string[] =>
    listAt(operation, "parameters")
      .filter((parameter) => !isRequired || parameter["required"] === true)
      .map((parameter) => `${String(parameter["in"])} ${String(parameter["name"])}`);
  for (const name of names(before, false)) {
    if (!names(after, false).includes(name)) {
      broken.push(`${at} ${name} is refused`);
    }
  }
  for (const name of names(after, true)) {
    if (!names(before, true).includes(name)) {
      broken.push(`${at} ${name} must be there`);
    }
  }
}

function operationsOf(description: unknown): ReadonlyMap<string, Json> {
  const paths = Object.entries(objectAt(description, "paths"));
  return new Map(
    paths.flatMap(([path, methods]) =>
      Object.entries(asObject(methods)).map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        asObject(operation),
      ]),
    ),
  );
}

/** Schemas by where they stand: the status of an answer and its content type. */
function contentsOf(description: unknown, places: Json): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(places).flatMap(([place, given]) =>
      Object.entries(objectAt(resolved(description, given), "content")).map(
        ([type, content]) => [`${place} ${type}`, asObject(content)["schema"]] as const,
      ),
    ),
  );
}

/** Follows a reference; null beside a schema is left out. */
function resolved(description: unknown, schema: unknown): Json {
  const given = asObject(schema);
  const reference = given["$ref"];
  if (typeof reference === "string") {
    const found = reference
      .split("/")
      .slice(1)
      .reduce<unknown>((at, name) => asObject(at)[name], description);
    return resolved(description, found);
  }
  const choices = listAt(given, "anyOf").filter(({ type }) => type !== "null");
  return choices.length === 1 ? resolved(description, choices[0]) : given;
}

function objectAt(value: unknown, name: string): Json {
  return asObject(asObject(value)[name]);
}

function listAt(value: unknown, name: string): readonly Json[] {
  return asList(asObject(value)[name]).map(asObject);
}

function textsAt(value: unknown, name: string): readonly string[] {
  return asList(asObject(value)[name]).map(String);
}
