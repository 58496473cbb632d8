/**
 * Tries what runs Posthorn in production for real: `npm run deployed`. A Debian is made, with systemd,
 * podman and what `npm run pack` packs, and started with that systemd as its first process; in it the unit
 * runs under systemd and the image as a container, and what they promise is tried. Needs root, a network and
 * Debian's tools; ends with a list, and with 1 if something did not hold. What cannot be tried here is said
 * to be skipped.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "../packages/packed.ts";
import { buildImage } from "./build-image.ts";
import { bootMachine } from "./machine.ts";
import { makeRoot } from "./root.ts";
import { missingTools } from "./tools.ts";

const MACHINE_TOOLS = ["mmdebstrap", "systemd-nspawn", "tar"];
const IMAGE_TOOLS = ["buildah", "podman"];

const missing = missingTools(MACHINE_TOOLS);
if (missing !== undefined) {
  console.log(`skipped, nothing was tried: ${missing}`);
} else {
  process.exitCode = await tryAll();
}

async function tryAll(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-deployed-"));
  const packed = await pack();
  try {
    const root = makeRoot(folder, packed.tarballs);
    const withoutImage = missingTools(IMAGE_TOOLS);
    if (withoutImage === undefined) {
      buildImage(folder, { root, tarballs: packed.tarballs });
    } else {
      console.log(`skipped, the image: ${withoutImage}`);
    }
    const outcomes = await bootMachine(folder, root);
    return outcomes.every(({ fault }) => fault === undefined) ? 0 : 1;
  } finally {
    packed.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
