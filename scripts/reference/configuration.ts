import { SETTINGS, type Setting } from "../../server/src/settings.ts";

/** Writes the page that lists every setting. */
export function configurationPage(): string {
  return `${[
    "# Configuration",
    "",
    "Posthorn is configured by variables of its environment, all of whose names begin with `POSTHORN_`.",
    "Where there is a `…_FILE`, it names a file with the value, as containers and systemd give secrets;",
    "only one of the two may be set. A start says all that is wrong at once, and refuses a name that it",
    "does not know, with the nearest one that it does.",
    "",
    "`posthorn config` prints what every setting is and where that is from, with secrets masked; it ends",
    "with 1 where something is wrong. `--json` prints an object a line.",
    "",
    "`node scripts/write-reference.ts` writes this page; a test fails where it did not.",
    "",
    "## The server",
    "",
    ...tableOf("server"),
    "",
    "## Commands that ask a server",
    "",
    "A server passes these over, so that both may share an environment.",
    "",
    ...tableOf("commands"),
  ].join("\n")}\n`;
}

function tableOf(whose: Setting["of"]): readonly string[] {
  const settings: readonly Setting[] = SETTINGS;
  return [
    "| variable | default | |",
    "|---|---|---|",
    ...settings.filter(({ of }) => of === whose).map(rowOf),
  ];
}

function rowOf({ name, hasFile, default: given, what }: Setting): string {
  const names = hasFile ? `\`${name}\`, or \`${name}_FILE\`` : `\`${name}\``;
  return `| ${names} | ${given === undefined ? "" : `\`${given}\``} | ${what} |`;
}
