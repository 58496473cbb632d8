import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../packages/packed.ts";
import { runTool } from "./tools.ts";

const SUITE = "bookworm";
const MIRROR = "https://deb.debian.org/debian";
/** What a server has, what Node needs, and what containers need. */
const PACKAGES = [
  ...[
    "systemd-sysv",
    "libnss-systemd",
    "udev",
    "dbus",
    "iproute2",
    "procps",
    "ca-certificates",
    "libatomic1",
  ],
  ...["podman", "crun", "netavark", "iptables", "uidmap"],
];
/** Limits that a machine without the right to raise its own still has, and no groups within the machine's. */
const CONTAINERS = `[containers]
keyring = false
cgroups = "disabled"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
`;
const TRIAL = `[Unit]
Description=Tries what is installed here
[Service]
Type=exec
Environment=HOME=/root
ExecStart=/usr/bin/node /opt/posthorn/trial/main.ts
StandardOutput=journal+console
StandardError=journal+console
`;

/**
 * Makes the root of a Debian, and installs Posthorn there as its page says to. What is tried is not enabled:
 * the trial, which starts when everything else has, starts it.
 */
export function makeRoot(folder: string, tarballs: readonly string[]): string {
  const root = join(folder, "root");
  const at = (path: string): string => join(root, path);
  console.log("a Debian is made, which takes minutes");
  const packages = `--include=${PACKAGES.join(",")}`;
  runTool("mmdebstrap", ["--variant=minbase", "--quiet", packages, SUITE, `${root}.tar`, MIRROR]);
  mkdirSync(root);
  runTool("tar", ["-C", root, "-xf", `${root}.tar`]);
  copyFileSync(process.execPath, at("usr/bin/node"));
  const quiet = ["--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  runTool("npm", ["install", ...quiet, "--prefix", at("opt/posthorn"), ...tarballs]);
  mkdirSync(at("etc/posthorn"), { mode: 0o700 });
  writeFileSync(at("etc/posthorn/master-key"), Buffer.alloc(32, 7).toString("base64"), { mode: 0o600 });
  copyFileSync(join(ROOT, "deploy/posthorn.service"), at("etc/systemd/system/posthorn.service"));
  cpSync(join(import.meta.dirname, "guest"), at("opt/posthorn/trial"), { recursive: true });
  writeFileSync(at("opt/posthorn/trial/package.json"), '{ "type": "module" }');
  writeFileSync(at("etc/systemd/system/trial.service"), TRIAL);
  mkdirSync(at("etc/systemd/system/graphical.target.wants"));
  symlinkSync("../trial.service", at("etc/systemd/system/graphical.target.wants/trial.service"));
  mkdirSync(at("etc/containers"), { recursive: true });
  writeFileSync(at("etc/containers/containers.conf"), CONTAINERS);
  writeFileSync(at("etc/hostname"), "trial\n");
  writeFileSync(at("etc/hosts"), "127.0.0.1 localhost trial\n");
  return root;
}
