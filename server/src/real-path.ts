import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** As many as Linux follows. */
const LINKS_MAX = 40;

/**
 * Returns where a file is, or will be made: two names of one file must lead to one lock, and to the disk
 * that it is on, also where a link leads to what is not there yet. Throws an Error where no folder is there
 * for it.
 */
export function realPathOf(path: string): string {
  let place = resolve(path);
  for (let links = 0; links < LINKS_MAX; links++) {
    if (existsSync(place)) {
      return realpathSync(place);
    }
    const folder = realpathSync(dirname(place));
    place = join(folder, basename(place));
    if (!isLink(place)) {
      return place;
    }
    place = resolve(folder, readlinkSync(place));
  }
  throw new Error(`${path} is a link that leads to itself`);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
