/** Tries the image as its page says to run it, by the podman of this machine. */
import assert from "node:assert/strict";
import { createClient } from "@posthorn/client/client";
import { startReceiver } from "./receiver.ts";
import type { Attempt } from "./report.ts";
import { meanwhile, must, shell, until } from "./shell.ts";

const KEY = "an-admin-key-for-an-hour-of-trials";
// As the page has it, and what the trial needs: receivers on this machine, and a key that is known.
const RUN =
  "podman run --detach --name posthorn --read-only --network host --volume posthorn:/var/lib/posthorn" +
  " --secret master-key,uid=1000 --env POSTHORN_MASTER_KEY_FILE=/run/secrets/master-key" +
  ` --env POSTHORN_ADMIN_KEY=${KEY} --env POSTHORN_EGRESS_ALLOW=127.0.0.0/8`;

const client = createClient({ url: "http://127.0.0.1:8080", key: KEY });

export async function tryImage(attempt: Attempt): Promise<void> {
  const receiver = await startReceiver(3001);
  await attempt("the image is there, and says how to look after its health", async () => {
    must("podman load --input /opt/image.tar");
    must("head -c 32 /dev/urandom | base64 | podman secret create master-key -");
    assert.match(must("podman image inspect posthorn --format '{{.HealthCheck}}'"), /healthz/);
  });
  const starts = "it starts with a root that is read-only, without any capability, and gets healthy";
  if (await attempt(starts, start)) {
    await tryContainer(attempt, receiver);
  }
  await attempt("without a master key the container does not start, and says why", async () => {
    const { code, said } = shell("podman run --rm --read-only --network host posthorn");
    assert.notEqual(code, 0);
    assert.match(said, /POSTHORN_MASTER_KEY/);
    assert.doesNotMatch(said, /\n\s+at /);
  });
  receiver.stop();
}

async function start(): Promise<void> {
  must(`${RUN} --cap-drop all --security-opt no-new-privileges posthorn`);
  await until("it is healthy", () => healthIs("healthy"), 90);
  const status = must(`cat /proc/${inspect("{{.State.Pid}}")}/status`);
  assert.match(status, /^Uid:\s+1000\s/m);
  assert.match(status, /^CapEff:\s+0+$/m);
}

async function tryContainer(attempt: Attempt, receiver: Receiver): Promise<void> {
  await attempt("it writes to its volume alone", async () => {
    const { said } = shell("podman exec posthorn touch /opt/trial /etc/trial /usr/trial");
    assert.equal(said.match(/Read-only file system/g)?.length, 3, said);
    must("podman exec posthorn touch /var/lib/posthorn/trial");
  });
  await attempt("the container delivers an event", async () => {
    await client.createTenant({ id: "acme", name: "Acme" });
    await client.createEndpoint("acme", { url: receiver.url });
    await arrives(receiver);
  });
  await attempt("podman stop lets what is in flight end, and repeats nothing of it", async () => {
    receiver.answerAfter(4000);
    const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: { is: "slow" } });
    await until("it is in flight", () => receiver.countOf(id) === 1);
    await meanwhile("podman stop --time 60 posthorn");
    assert.equal(inspect("{{.State.ExitCode}}"), "0");
    receiver.answerAfter(0);
    must("podman start posthorn");
    await until("it is healthy", () => healthIs("healthy"), 90);
    await arrives(receiver);
    assert.equal(receiver.countOf(id), 1);
  });
  await attempt("a process that no longer answers is told to be unhealthy", async () => {
    must(`kill -STOP ${inspect("{{.State.Pid}}")}`);
    await until("it is unhealthy", () => healthIs("unhealthy"), 120);
    must(`kill -CONT ${inspect("{{.State.Pid}}")}`);
    must("podman rm --force --time 30 posthorn");
  });
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

async function arrives(receiver: Receiver): Promise<void> {
  const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: { id: 42 } });
  await until("the event comes", () => receiver.countOf(id) === 1);
}

function healthIs(status: string): boolean {
  return inspect("{{.State.Health.Status}}") === status;
}

function inspect(format: string): string {
  return must(`podman inspect posthorn --format '${format}'`);
}
