/** Tries the unit, as its page says to install it, under the systemd of this machine. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createClient } from "@posthorn/client/client";
import { checkConfinement } from "./confinement.ts";
import { startReceiver } from "./receiver.ts";
import type { Attempt } from "./report.ts";
import { meanwhile, must, shell, until } from "./shell.ts";

const KEY = "an-admin-key-for-an-hour-of-trials";
const URL = "http://127.0.0.1:8080";
const DROP_IN = "/run/systemd/system/posthorn.service.d/trial.conf";
const POSTHORN = "/opt/posthorn/node_modules/.bin/posthorn";

const client = createClient({ url: URL, key: KEY });

export async function tryUnit(attempt: Attempt): Promise<void> {
  const receiver = await startReceiver(3000);
  await attempt("systemd-analyze finds nothing wrong with the unit", async () => {
    assert.equal(must("systemd-analyze verify /etc/systemd/system/posthorn.service"), "");
    return must("systemd-analyze security posthorn | tail -1");
  });
  await attempt("without a master key it does not start, and says why", withoutMasterKey);
  await attempt("a database that is not there is waited for, for as long as it takes", withoutDatabase);
  await attempt("systemctl start returns when it serves", async () => {
    settings([`POSTHORN_ADMIN_KEY=${KEY}`, "POSTHORN_EGRESS_ALLOW=127.0.0.0/8"]);
    must("systemctl start posthorn");
    assert.equal(await statusOf("/readyz"), 200);
  });
  await checkConfinement(attempt);
  await attempt("it delivers an event", async () => {
    await client.createTenant({ id: "acme", name: "Acme" });
    await client.createEndpoint("acme", { url: receiver.url, max_in_flight: 1 });
    await arrives(receiver);
  });
  await attempt("SIGKILL: another process takes over, and what was accepted is there", async () => {
    const before = mainPid();
    const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: { is: "before" } });
    must("systemctl kill --kill-whom=main --signal=SIGKILL posthorn");
    await until(
      "another process serves",
      async () => mainPid() !== before && (await statusOf("/readyz")) === 200,
    );
    assert.equal((await client.getEvent("acme", id)).id, id);
    await until("what was accepted comes", () => receiver.countOf(id) > 0);
    await arrives(receiver);
  });
  await attempt("systemctl stop lets what is in flight end, and repeats nothing of it", () =>
    drain(receiver),
  );
  await attempt("commands that root runs beside it leave it able to start", besideIt);
  await attempt("a process that stands still is ended, and another one started", standsStill);
  await attempt(
    "MemoryDenyWriteExecute, which the unit leaves out, would keep Node from starting",
    async () => {
      must("systemctl stop posthorn");
      dropIn("[Unit]\nStartLimitIntervalSec=1h\nStartLimitBurst=1\n[Service]\nMemoryDenyWriteExecute=yes\n");
      assert.notEqual(shell("systemctl start posthorn").code, 0);
      dropIn();
      shell("systemctl reset-failed posthorn");
      must("systemctl start posthorn");
    },
  );
  must("systemctl stop posthorn");
  receiver.stop();
}

async function withoutMasterKey(): Promise<string> {
  must("mv /etc/posthorn/master-key /etc/posthorn/away; systemctl daemon-reload");
  dropIn("[Service]\nRestart=no\n");
  const { code } = shell("systemctl start posthorn");
  must("mv /etc/posthorn/away /etc/posthorn/master-key");
  dropIn();
  shell("systemctl reset-failed posthorn");
  assert.notEqual(code, 0);
  return must("journalctl --unit posthorn --output cat | grep -i credential | tail -1");
}

/** Five starts within ten seconds are what systemd gives up after by default. */
async function withoutDatabase(): Promise<string> {
  settings([`POSTHORN_ADMIN_KEY=${KEY}`, "POSTHORN_DATABASE_URL=postgres://nobody@127.0.0.1:1/nothing"]);
  must("systemctl start --no-block posthorn");
  await until("it was started eight times", () => Number(property("NRestarts")) >= 8, 240);
  const state = property("ActiveState");
  shell("systemctl stop posthorn; systemctl reset-failed posthorn");
  assert.equal(state, "activating");
  return must("journalctl --unit posthorn --output cat | grep -i 'posthorn: ' | tail -1");
}

async function drain(receiver: Receiver): Promise<void> {
  receiver.answerAfter(4000);
  const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: { is: "slow" } });
  await until("it is in flight", () => receiver.countOf(id) === 1);
  await meanwhile("systemctl stop posthorn");
  assert.equal(property("ExecMainStatus"), "0");
  assert.equal(property("Result"), "success");
  receiver.answerAfter(0);
  must("systemctl start posthorn");
  await arrives(receiver);
  assert.equal(receiver.countOf(id), 1);
}

/** What an operator does with the database of this machine: while it is served, and while it is not. */
async function besideIt(): Promise<void> {
  const run = (line: string): string =>
    must(`POSTHORN_DATABASE_URL=sqlite:/var/lib/posthorn/posthorn.db \
      POSTHORN_MASTER_KEY_FILE=/etc/posthorn/master-key ${POSTHORN} ${line}`);
  run("backup /var/backups/while-served.db");
  shell(`POSTHORN_DATABASE_URL=sqlite:/var/lib/posthorn/posthorn.db ${POSTHORN} doctor`);
  must("systemctl stop posthorn");
  run("backup /var/backups/while-stopped.db");
  run("migrate status");
  run("keys rotate-master");
  must("systemctl start posthorn");
  assert.equal(await statusOf("/readyz"), 200);
  await client.sendEvent("acme", { type: "invoice.paid", data: { is: "after" } });
  const others = must("find /var/lib/private/posthorn -user root");
  assert.equal(others, "");
}

async function standsStill(): Promise<void> {
  dropIn("[Service]\nWatchdogSec=8\n");
  must("systemctl restart posthorn");
  const before = mainPid();
  // Longer than the time within which it must give signs of life, which it does.
  await new Promise((resume) => setTimeout(resume, 20_000));
  assert.equal(mainPid(), before);
  must("systemctl kill --kill-whom=main --signal=SIGSTOP posthorn");
  await until(
    "another process serves",
    async () => mainPid() !== before && (await statusOf("/readyz")) === 200,
  );
  dropIn();
  must("systemctl restart posthorn");
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

async function arrives(receiver: Receiver): Promise<void> {
  const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: { id: 42 } });
  await until("the event comes", () => receiver.countOf(id) === 1);
  assert.deepEqual(receiver.received.at(-1)?.data, { id: 42 });
}

function settings(lines: readonly string[]): void {
  writeFileSync("/etc/posthorn/environment", lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}

/** Puts something over the unit; without a text takes it away. */
function dropIn(text?: string): void {
  if (text === undefined) {
    rmSync(DROP_IN);
  } else {
    mkdirSync(DROP_IN.replace("/trial.conf", ""), { recursive: true });
    writeFileSync(DROP_IN, text);
  }
  must("systemctl daemon-reload");
}

function property(name: string): string {
  return must(`systemctl show posthorn --property ${name} --value`);
}

function mainPid(): string {
  return property("MainPID");
}

async function statusOf(path: string): Promise<number> {
  return await fetch(`${URL}${path}`).then(
    ({ status }) => status,
    () => 0,
  );
}
