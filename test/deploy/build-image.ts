import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../packages/packed.ts";
import { pathOf, runTool } from "./tools.ts";

const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";

export interface ImageParts {
  /** A root of Debian, which becomes the base. */
  readonly root: string;
  readonly tarballs: readonly string[];
}

/**
 * Builds the image by deploy/Containerfile, each instruction of it, and leaves it in the root as
 * /opt/image.tar. Its base is not Node's own image: it is this Debian, with a Node, an npm and a user `node`
 * in the same places.
 */
export function buildImage(folder: string, { root, tarballs }: ImageParts): void {
  console.log("the image is built");
  const file = readFileSync(join(ROOT, "deploy/Containerfile"), "utf8");
  const base = /^FROM (\S+) AS install$/m.exec(file)?.[1] ?? "";
  const storage = ["--root", join(folder, "images"), "--runroot", join(folder, "images-run")];
  const where = [...storage, "--storage-driver", "vfs"];
  runTool("podman", [
    ...where,
    "import",
    "--change",
    "ENV PATH=/usr/local/bin:/usr/bin:/bin",
    makeBase(folder, root),
    base,
  ]);
  const context = join(folder, "context");
  mkdirSync(join(context, "dist"), { recursive: true });
  for (const tarball of tarballs) {
    cpSync(tarball, join(context, "dist", tarball.slice(dirname(tarball).length + 1)));
  }
  const build = ["bud", "--isolation", "chroot", "--pull-never", "--format", "docker", "--tag", "posthorn"];
  runTool("buildah", [...where, ...build, "--file", join(ROOT, "deploy/Containerfile"), context]);
  const to = `docker-archive:${join(root, "opt/image.tar")}:localhost/posthorn:latest`;
  runTool("buildah", [...where, "push", "--quiet", "posthorn", to]);
  // Podman keeps mounts of what it stores.
  runTool("podman", [...where, "system", "reset", "--force"]);
}

/** Packs a base, with what this machine's npm trusts, so that it can install. */
function makeBase(folder: string, root: string): string {
  const base = join(folder, "base");
  const at = (path: string): string => join(base, path);
  const npm = realpathSync(pathOf("npm") ?? "");
  mkdirSync(base);
  runTool("tar", ["-C", base, "--exclude=./boot/*", "--exclude=./usr/lib/modules/*", "-xf", `${root}.tar`]);
  cpSync(process.execPath, at("usr/local/bin/node"));
  cpSync(dirname(dirname(npm)), at("usr/local/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", at("usr/local/bin/npm"));
  cpSync(`/${CERTIFICATES}`, at(CERTIFICATES));
  mkdirSync(at("usr/local/etc"), { recursive: true });
  writeFileSync(at("usr/local/etc/npmrc"), `cafile=/${CERTIFICATES}\n`);
  runTool("chroot", [base, "groupadd", "--gid", "1000", "node"]);
  runTool("chroot", [base, "useradd", "--uid", "1000", "--gid", "node", "--create-home", "node"]);
  runTool("tar", ["-C", base, "-cf", `${base}.tar`, "."]);
  return `${base}.tar`;
}
