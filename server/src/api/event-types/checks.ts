import type { EventType as CatalogueType } from "@posthorn/contracts/contract";
import { checkValue } from "../../json-schema/check-value.ts";
import { readDocument } from "../../json-schema/read-document.ts";
import type { EventTypeConfig } from "../../model/event-type.ts";
import { Problem, type WrongMember } from "../../problem.ts";
import { EVENT_TYPE_RULE, isEventType } from "../event-text.ts";
import { WRONG_MEMBERS_MAX } from "../schema-problem.ts";

export interface EventTypeToCheck {
  readonly name: string;
  readonly config: EventTypeConfig;
  /** What the catalogue says of the name. */
  readonly described: CatalogueType | undefined;
}

/** Throws the Problem that names every wrong member of an event type. */
export function checkEventType({ name, config, described }: EventTypeToCheck): void {
  const { description, successor, isDeprecated } = config;
  const wrong: WrongMember[] = [
    ...(isEventType(name) ? [] : [{ pointer: "/name", detail: `must be ${EVENT_TYPE_RULE}` }]),
    ...(description === undefined || isStorable(description)
      ? []
      : [{ pointer: "/description", detail: "must be text without null characters" }]),
    ...(successor === undefined ? [] : wrongSuccessor(successor, name, isDeprecated)),
    ...wrongSchemaOrExample(config, described),
  ];
  if (wrong.length > 0) {
    const detail = "Members of the event type are not as they must be.";
    throw new Problem("invalid_request", detail, wrong.slice(0, WRONG_MEMBERS_MAX));
  }
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

function wrongSuccessor(successor: string, name: string, isDeprecated: boolean): readonly WrongMember[] {
  const refuse = (detail: string) => [{ pointer: "/successor", detail }];
  if (!isEventType(successor)) {
    return refuse(`must be ${EVENT_TYPE_RULE}`);
  }
  if (successor === name) {
    return refuse("must be another type");
  }
  return isDeprecated ? [] : refuse("must be absent where deprecated is false");
}

function wrongSchemaOrExample(
  { schema, example }: EventTypeConfig,
  described: CatalogueType | undefined,
): readonly WrongMember[] {
  const given: unknown = schema === undefined ? described?.schema : JSON.parse(schema);
  if (given === undefined) {
    return [];
  }
  const read = readDocument(given);
  if (read.kind === "refused") {
    return below("/schema", read.errors);
  }
  if (example === undefined) {
    return [];
  }
  const checked = checkValue(read.schema, JSON.parse(example));
  switch (checked.kind) {
    case "fits":
      return [];
    case "wrong":
      return below("/example", checked.errors);
    case "too_costly":
      return [{ pointer: "/example", detail: "must take less work to check against the schema" }];
  }
}

function below(pointer: string, errors: readonly WrongMember[]): readonly WrongMember[] {
  return errors.map((error) => ({ pointer: pointer + error.pointer, detail: error.detail }));
}
