import { asObject } from "./house-rules/tree.ts";

/** In the repository files are imported by their full names; published, by their names without an ending. */
const ONLY_HERE = /\.(ts|json)$/;

/**
 * Makes the manifest under which a package is published from the one it has in the repository: what is
 * TypeScript here is JavaScript with its declarations there.
 */
export function publishedManifest(text: string): string {
  const { private: _private, exports, ...manifest } = asObject(JSON.parse(text));
  const published = Object.entries(asObject(exports)).filter(([name]) => !ONLY_HERE.test(name));
  const built = published.map(([name, file]) => [name, builtFile(String(file))] as const);
  return `${JSON.stringify({ ...manifest, exports: Object.fromEntries(built) }, undefined, 2)}\n`;
}

function builtFile(file: string): { readonly types: string; readonly default: string } {
  if (!file.endsWith(".ts")) {
    throw new Error(`a package exports TypeScript, from which it is built; got ${file}`);
  }
  const stem = file.slice(0, -".ts".length);
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}
