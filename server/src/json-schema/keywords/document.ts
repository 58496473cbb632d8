/** Keywords that say what a schema is called and what is to be known of it. */
import type { Keyword, Keywords } from "../keyword.ts";
import { schemasByName, textIn } from "../keyword-forms.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

export const DOCUMENT_KEYWORDS: Keywords = {
  $schema: (given, reading) =>
    given === DRAFT ? undefined : reading.refuse(["$schema"], `must be ${DRAFT}, or be absent`),

  $id: (_given, reading) =>
    reading.isWhole ? undefined : reading.refuse(["$id"], "may stand only in the outermost schema"),

  $anchor(_given, reading) {
    const name = textIn("$anchor", reading);
    if (name === undefined) {
      return undefined;
    }
    return /^[A-Za-z_][A-Za-z0-9._-]*$/.test(name)
      ? reading.nameAnchor(name)
      : reading.refuse(["$anchor"], "must be a name of A-Z, a-z, 0-9, _, - and .");
  },

  $defs: schemasToReferTo("$defs"),
  // As older drafts name them; 2020-12 still knows it.
  definitions: schemasToReferTo("definitions"),

  $comment: remark,
  title: remark,
  description: remark,
  default: remark,
  examples: remark,
  deprecated: remark,
  readOnly: remark,
  writeOnly: remark,
  contentEncoding: remark,
  contentMediaType: remark,
  contentSchema: remark,
};

function schemasToReferTo(keyword: string): Keyword {
  return (_given, reading) => {
    schemasByName(keyword, reading);
    return undefined;
  };
}

function remark(): undefined {}
