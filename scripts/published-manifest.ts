import { asObject } from "./house-rules/tree.ts";

const SOURCE_ENDING = ".ts";

/**
 * Makes the manifest under which a package is published from the one it has in the repository: what is
 * TypeScript here is JavaScript with its declarations there.
 */
export function publishedManifest(text: string): string {
  const { private: _private, exports = {}, bin = {}, ...manifest } = asObject(JSON.parse(text));
  const published = {
    ...manifest,
    bin: mapValues(asObject(bin), (file) => `${stemOf(file)}.js`),
    exports: mapValues(asObject(exports), builtExport),
  };
  return `${JSON.stringify(published, undefined, 2)}\n`;
}

/** Data is there as it is. */
function builtExport(file: string): string | { readonly types: string; readonly default: string } {
  if (file.endsWith(".json")) {
    return file;
  }
  const stem = stemOf(file);
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

function stemOf(file: string): string {
  if (!file.endsWith(SOURCE_ENDING)) {
    throw new Error(`a package has TypeScript, from which it is built; got ${file}`);
  }
  return file.slice(0, -SOURCE_ENDING.length);
}

function mapValues<Result>(object: object, map: (value: string) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(String(value))]));
}
