/** Runs in a machine that was made for it, and turns that off. */
import { existsSync } from "node:fs";
import { tryImage } from "./image.ts";
import { createReport } from "./report.ts";
import { must, shell } from "./shell.ts";
import { tryUnit } from "./unit.ts";

/** A folder of whoever started this machine. */
const OUT = "/var/told";

try {
  const attempt = createReport(`${OUT}/outcomes.jsonl`);
  await tryUnit(attempt);
  if (existsSync("/opt/image.tar")) {
    await tryImage(attempt);
  }
  await attempt("the end", async () => {});
} finally {
  shell(`journalctl --no-pager --output cat > ${OUT}/journal.log`);
  must("systemctl poweroff");
}
