/** What the process of the unit may do to the machine: looked up, and tried. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Attempt } from "./report.ts";
import { must, shell } from "./shell.ts";

/** Beside every place where something is mounted. */
const PLACES = "/etc /usr /opt/posthorn /var /var/lib /var/log /home /root /run";

export async function checkConfinement(attempt: Attempt): Promise<void> {
  const pid = must("systemctl show posthorn --property MainPID --value");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const fieldOf = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1];
  const uid = fieldOf("Uid") ?? "0";
  /** In the process's own view of the file system, as its user. */
  const within = (line: string) =>
    shell(`nsenter --target ${pid} --mount setpriv --reuid ${uid} --clear-groups sh -c '${line}'`);

  await attempt(
    "its user is nobody that was there before, without any capability, and calls are filtered",
    async () => {
      assert.ok(
        Number(uid) >= 61_184 && Number(uid) <= 65_519,
        `the user ${uid} is one of systemd's dynamic ones`,
      );
      assert.equal(Number.parseInt(fieldOf("CapEff") ?? "1", 16), 0);
      assert.equal(Number.parseInt(fieldOf("CapBnd") ?? "1", 16), 0);
      assert.equal(fieldOf("NoNewPrivs"), "1");
      assert.equal(fieldOf("Seccomp"), "2");
    },
  );
  await attempt("it writes to its own folder and to a /tmp of its own, and nowhere else", async () => {
    const seen = within(
      `for d in $(cut -d" " -f5 /proc/self/mountinfo) ${PLACES}; do ` +
        "if touch $d/trial 2>/dev/null; then echo $d; rm $d/trial; fi; done",
    ).said;
    const places = [...new Set(seen.split("\n"))].sort();
    assert.deepEqual(
      places.filter((place) => !/^\/(var\/)?tmp$/.test(place)),
      ["/var/lib/private/posthorn"],
    );
    return places.join(" ");
  });
  await attempt("root itself could not write elsewhere, where that process is", async () => {
    const { said } = shell(
      `nsenter --target ${pid} --mount touch /etc/trial /usr/trial /opt/posthorn/trial 2>&1`,
    );
    assert.equal(said.match(/Read-only file system/g)?.length, 3, said);
  });
  await attempt("it has its master key, and cannot read where root keeps that", async () => {
    assert.notEqual(within("cat /etc/posthorn/master-key").code, 0);
    assert.notEqual(within("cat /etc/posthorn/environment").code, 0);
    assert.match(
      must(`tr '\\0' '\\n' < /proc/${pid}/environ`),
      /^POSTHORN_MASTER_KEY_FILE=\/run\/credentials\//m,
    );
  });
  await attempt("what it stores is its own user's alone", async () => {
    const modes = must("stat --format '%a %n' /var/lib/private/posthorn /var/lib/private/posthorn/*");
    assert.deepEqual(
      modes.split("\n").filter((line) => !/^[67]00 /.test(line)),
      [],
    );
    return modes.replaceAll("/var/lib/private/", "").replaceAll("\n", ", ");
  });
}
