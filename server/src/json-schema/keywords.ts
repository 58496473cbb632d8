import type { Keyword, Keywords } from "./keyword.ts";
import { ANY_KEYWORDS } from "./keywords/any.ts";
import { ARRAY_KEYWORDS } from "./keywords/arrays.ts";
import { DOCUMENT_KEYWORDS } from "./keywords/document.ts";
import { IN_PLACE_KEYWORDS } from "./keywords/in-place.ts";
import { NUMBER_KEYWORDS } from "./keywords/numbers.ts";
import { OBJECT_KEYWORDS } from "./keywords/objects.ts";
import { TEXT_KEYWORDS } from "./keywords/texts.ts";
import { UNEVALUATED_KEYWORDS } from "./keywords/unevaluated.ts";

/** Every keyword of JSON Schema 2020-12 that is known here, in the order in which values are checked. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  [
    DOCUMENT_KEYWORDS,
    ANY_KEYWORDS,
    NUMBER_KEYWORDS,
    TEXT_KEYWORDS,
    ARRAY_KEYWORDS,
    OBJECT_KEYWORDS,
    IN_PLACE_KEYWORDS,
    UNEVALUATED_KEYWORDS,
  ].flatMap((keywords: Keywords) => Object.entries(keywords)),
);

const ELSEWHERE = "is not supported: what it means depends on where one comes from";

/** Why some other keywords are refused. */
export const REFUSED_KEYWORDS: ReadonlyMap<string, string> = new Map([
  ["$dynamicRef", ELSEWHERE],
  ["$dynamicAnchor", ELSEWHERE],
  ["$recursiveRef", ELSEWHERE],
  ["$recursiveAnchor", ELSEWHERE],
  ["$vocabulary", "is not supported: the vocabularies are those of 2020-12"],
  ["additionalItems", "is of an older draft: say items, beside prefixItems"],
  ["dependencies", "is of an older draft: say dependentRequired or dependentSchemas"],
  ["nullable", 'is not of JSON Schema: say type: ["…", "null"]'],
]);
