import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a repository, by paths from its root with `/` between folders. */
export interface Tree {
  /** Every file and folder. */
  readonly paths: ReadonlySet<string>;
  /** The contents of the files that are text. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A place where a rule is broken. */
export interface Finding {
  readonly rule: string;
  /** The file; `.` if it is about all of them. */
  readonly path: string;
  /** From 1; absent if it is about the whole file. */
  readonly line?: number;
  readonly says: string;
}

// What git does not track.
const IGNORED = new Set([".git", "node_modules", "dist", "coverage", ".posthorn"]);

/** Reads a repository from a folder. */
export function readTree(root: string): Tree {
  const paths = new Set<string>();
  const texts = new Map<string, string>();
  const read = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (IGNORED.has(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      paths.add(path);
      if (entry.isDirectory()) read(path);
      if (!entry.isFile()) continue;
      const bytes = readFileSync(join(root, path));
      if (!bytes.includes(0)) texts.set(path, bytes.toString("utf8"));
    }
  };
  read("");
  return { paths, texts };
}

/** Makes a tree of given files. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const paths = new Set<string>();
  for (const path of Object.keys(files)) {
    const names = path.split("/");
    for (let depth = 1; depth <= names.length; depth++) paths.add(names.slice(0, depth).join("/"));
  }
  return { paths, texts: new Map(Object.entries(files)) };
}

/** Tells whether a path is a program of ours, in TypeScript or JavaScript. */
export function isProgram(path: string): boolean {
  return /\.(ts|tsx|mts|mjs|js)$/.test(path);
}

/** Tells whether a path is a test, or the suite that all stores pass. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)conformance(\.ts$|\/)/.test(path);
}

/** Tells whether a path is data that was given or recorded, which keeps the shape it came in. */
export function isRecorded(path: string): boolean {
  return /(^|\/)(fixtures|golden)\/|\.(fixture|golden)\./.test(path);
}

/** Counts the line of a position, from 1. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Reads a parsed JSON value as an object; what is none has no members. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
