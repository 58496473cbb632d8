import { posix } from "node:path";
import { asObject, type Finding, lineAt, type Tree } from "./tree.ts";

/** Judges manifests, the lock file and links between documents. */
export function checkPackages(tree: Tree): readonly Finding[] {
  return [...tree.texts].flatMap(([path, text]) => {
    if (path === "package-lock.json") return checkLock(path, text);
    if (posix.basename(path) === "package.json") return checkManifest(path, text);
    return path.endsWith(".md") ? checkLinks(tree, path, text) : [];
  });
}

function checkLock(path: string, text: string): readonly Finding[] {
  const packages = asObject(asObject(JSON.parse(text)).packages);
  const leftOut = leftOutOf(packages).map(({ name }) => {
    return { rule: "lock-platforms", path, says: `${name} is left out; run node scripts/lock-platforms.ts` };
  });
  return [...leftOut, ...Object.entries(packages).flatMap(([name, entry]) => checkEntry(path, name, entry))];
}

/**
 * Finds the optional packages that a lock file names but does not hold. npm leaves out one that it could not
 * fetch when the lock file was written, and later refuses to install from that file, on every platform.
 */
export function leftOutOf(packages: Readonly<Record<string, unknown>>): readonly LeftOut[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(asObject(asObject(entry).optionalDependencies))
      .filter(
        ([name]) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      )
      .map(([name, version]) => ({ name, version: String(version), isDev: asObject(entry).dev === true })),
  );
}

export interface LeftOut {
  readonly name: string;
  readonly version: string;
  readonly isDev: boolean;
}

function checkEntry(path: string, name: string, entry: unknown): readonly Finding[] {
  const { resolved, hasInstallScript, dev } = asObject(entry);
  const findings: Finding[] = [];
  if (typeof resolved === "string" && /^[a-z+]+:/.test(resolved)) {
    findings.push({
      rule: "lock-address",
      path,
      says: `${name} names where it was fetched from: ${resolved}`,
    });
  }
  if (hasInstallScript === true && dev !== true) {
    findings.push({ rule: "install-script", path, says: `${name} runs a script when it is installed` });
  }
  return findings;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

function checkManifest(path: string, text: string): readonly Finding[] {
  const manifest = asObject(JSON.parse(text));
  const fields = ["dependencies", "devDependencies", "optionalDependencies"];
  const wanted = fields.flatMap((field) => Object.entries(asObject(manifest[field])));
  const inexact = wanted.filter(([, version]) => typeof version !== "string" || !EXACT.test(version));
  const pins = wanted.filter(([name]) => /^node-(bin-)?(linux|darwin|win)-/.test(name));
  const versions = new Set(pins.map(([, version]) => version));
  return [
    ...inexact.map(([name, version]) => ({
      rule: "exact-version",
      path,
      says: `${name} is pinned to one version such as 1.2.3, got "${String(version)}"`,
    })),
    ...(versions.size > 1
      ? [
          {
            rule: "node-pins",
            path,
            says: `every platform has the same Node, got ${[...versions].join(", ")}`,
          },
        ]
      : []),
  ];
}

function checkLinks(tree: Tree, path: string, text: string): readonly Finding[] {
  // Code shows links; it does not make them.
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm, (code) =>
    code.replaceAll(/[^\n]/g, " "),
  );
  const links = [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)];
  return links.flatMap((match) => {
    const target = match[1] ?? match[2] ?? "";
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const problem = linkProblem(tree, path, target);
    return problem === undefined
      ? []
      : [{ rule: "link", path, line: lineAt(prose, match.index), says: problem }];
  });
}

function linkProblem(tree: Tree, from: string, target: string): string | undefined {
  const [file = "", anchor] = decodeURI(target).split("#");
  const path = file === "" ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, "");
  if (path !== "." && !tree.paths.has(path)) return `there is no ${path}`;
  const text = tree.texts.get(path);
  if (anchor === undefined || !path.endsWith(".md") || text === undefined) return undefined;
  return headings(text).includes(anchor.toLowerCase()) ? undefined : `${path} has no heading "#${anchor}"`;
}

/** Names headings the way GitHub does. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#{1,6} +(.+?)#*$/gm)].map(([, title = ""]) =>
    title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
