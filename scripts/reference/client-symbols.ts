import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";
import { asObject } from "../house-rules/tree.ts";

/** Something that programs import from the client, or call on what they have imported. */
export interface PublicSymbol {
  readonly name: string;
  /** The file, from the client's folder. */
  readonly file: string;
}

/** Is written by a program. Its types are of what operations take and answer, as their examples show it. */
const WRITTEN = "operations.ts";
/** Is written by a program, too, and holds lists, which show themselves. */
const LISTS = "./key-choices.ts";

/** The files with public symbols of which people write the text, apart from examples in comments. */
export function handWrittenFiles(): readonly string[] {
  return [...new Set(publicSymbols().map(({ file }) => file))].filter((file) => file !== WRITTEN);
}

/** Finds what must have an example: what is exported and can be called, made or given, and all methods. */
export function publicSymbols(): readonly PublicSymbol[] {
  const place = (file: string) => new URL(`../../client/${file}`, import.meta.url);
  const { exports } = asObject(JSON.parse(readFileSync(place("package.json"), "utf8")));
  const paths = new Set(Object.values(asObject(exports)).map(String));
  return [...paths.difference(new Set([LISTS]))].flatMap((path) => {
    const file = path.replace(/^\.\//, "");
    return symbolsOf(readFileSync(place(path), "utf8"), file).map((name) => ({ name, file }));
  });
}

/** The names that a source exports, and those of the methods of its interfaces. */
export function symbolsOf(text: string, file: string): readonly string[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) {
    throw new Error(`${file} must be TypeScript: ${errors[0]?.message}`);
  }
  const names = program.body.flatMap((statement) => {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : null;
    switch (declared?.type) {
      case "TSInterfaceDeclaration": {
        const methods = declared.body.body.flatMap((member) =>
          member.type === "TSMethodSignature" && member.key.type === "Identifier" ? [member.key.name] : [],
        );
        return file === WRITTEN ? methods : [declared.id.name, ...methods];
      }
      case "TSTypeAliasDeclaration":
        return file === WRITTEN ? [] : [declared.id.name];
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return declared.id === null ? [] : [declared.id.name];
      case "VariableDeclaration":
        return declared.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
      default:
        return [];
    }
  });
  return [...new Set(names)];
}
