import { posix } from "node:path";
import type { Source } from "./source.ts";
import { asObject, type Tree } from "./tree.ts";

/** What an import leads to. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "package"; readonly name: string }
  /** Chosen when the program runs. */
  | { readonly kind: "computed" }
  /** A file that is not there. */
  | { readonly kind: "missing"; readonly specifier: string };

export interface Edge {
  readonly from: string;
  readonly line: number;
  readonly to: Target;
  /** Whether another package's file was named by its place in the repository, not by its package. */
  readonly crossesByPath: boolean;
}

/** Finds what every import leads to. */
export function readEdges(tree: Tree, sources: readonly Source[]): readonly Edge[] {
  const packages = readPackages(tree);
  return sources.flatMap(({ path, imports }) =>
    imports.map(({ specifier, line }) => {
      const to = resolve(tree, packages, { from: path, specifier });
      const isRelative = specifier?.startsWith(".") === true;
      const crossesByPath =
        isRelative && to.kind === "file" && folderOf(packages, path) !== folderOf(packages, to.path);
      return { from: path, line, to, crossesByPath };
    }),
  );
}

/** Our own packages: the folder of each, and what it exports. */
type Packages = ReadonlyMap<
  string,
  { readonly folder: string; readonly exports: ReadonlyMap<string, string> }
>;

function readPackages(tree: Tree): Packages {
  const packages = new Map<string, { folder: string; exports: ReadonlyMap<string, string> }>();
  for (const [path, text] of tree.texts) {
    if (posix.basename(path) !== "package.json" || path === "package.json") continue;
    const { name, exports } = asObject(JSON.parse(text));
    if (typeof name !== "string") continue;
    const named = Object.entries(asObject(exports)).filter((entry): entry is [string, string] => {
      return typeof entry[1] === "string";
    });
    packages.set(name, { folder: posix.dirname(path), exports: new Map(named) });
  }
  return packages;
}

/** The folder of the package a file belongs to; undefined for what belongs to the root. */
function folderOf(packages: Packages, path: string): string | undefined {
  return [...packages.values()].map(({ folder }) => folder).find((folder) => path.startsWith(`${folder}/`));
}

function resolve(
  tree: Tree,
  packages: Packages,
  { from, specifier }: { from: string; specifier: string | undefined },
): Target {
  if (specifier === undefined) return { kind: "computed" };
  if (specifier.startsWith("node:")) return { kind: "node", name: specifier };
  const path = specifier.startsWith(".")
    ? posix.join(posix.dirname(from), specifier)
    : pathInPackage(packages, specifier);
  if (path === undefined) return { kind: "package", name: specifier };
  return tree.texts.has(path) ? { kind: "file", path } : { kind: "missing", specifier };
}

/** Follows a package's `exports`; undefined if the package is not ours. */
function pathInPackage(packages: Packages, specifier: string): string | undefined {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const found = packages.get(name);
  if (!found) return undefined;
  const within = `.${specifier.slice(name.length)}`;
  return posix.join(found.folder, found.exports.size === 0 ? within : exportedFile(found.exports, within));
}

/** Matches as Node does: a name as it stands, else the pattern that says most of it; empty if none fits. */
function exportedFile(exported: ReadonlyMap<string, string>, within: string): string {
  const known = exported.get(within);
  if (known !== undefined) return known;
  const fits = [...exported].flatMap(([pattern, target]) => {
    const [before = "", after] = pattern.split("*");
    const isFit = after !== undefined && within.startsWith(before) && within.endsWith(after);
    const star = isFit ? within.slice(before.length, within.length - after.length) : "";
    return star === "" ? [] : [{ pattern, file: target.replace("*", star) }];
  });
  const [closest] = fits.sort((one, other) => other.pattern.length - one.pattern.length);
  return closest?.file ?? "";
}

/** Files by the files they import. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export function graphOf(edges: readonly Edge[]): Graph {
  const graph = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const targets = graph.get(from) ?? [];
    if (to.kind === "file") targets.push(to.path);
    graph.set(from, targets);
  }
  return graph;
}

/** Finds circles of imports: for each way back to a file on the way, the files from there. */
export function cyclesOf(graph: Graph): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    const since = trail.indexOf(path);
    if (since !== -1) {
      cycles.push(trail.slice(since));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

/** Finds everything a file needs, itself included. */
export function reachOf(graph: Graph, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const path of reached) for (const next of graph.get(path) ?? []) reached.add(next);
  return reached;
}
