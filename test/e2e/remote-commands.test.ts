import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { type Installation, install, until } from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type Run, runCommand } from "./run-command.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

const ADMIN_KEY = "an admin key of thirty-two bytes";

describe("the commands that ask a server", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;
  let tenant: string;
  let endpoint: string;

  before(async () => {
    posthorn = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY } });
    receiver = await startReceiver();
    receiver.answer(() => ({ status: 200 }));
    tenant = (await posthorn.tenant("standard")).split("/").at(-1) ?? "";
    const asked = { url: `${receiver.url}/hooks`, retry: { delays_ms: [], jitter: 0 } };
    const made = await posthorn.call<{ id: string }>("POST", `/v1/tenants/${tenant}/endpoints`, asked);
    endpoint = made.json.id;
  });
  after(async () => {
    await receiver.close();
    await posthorn.close();
  });

  const run = (words: readonly string[], change: NodeJS.ProcessEnv = {}): Promise<Run> =>
    runCommand(words, {
      POSTHORN_URL: posthorn.url,
      POSTHORN_KEY: ADMIN_KEY,
      POSTHORN_TENANT: tenant,
      ...change,
    });

  async function emptyTenant() {
    const path = await posthorn.tenant("standard");
    return { path, name: path.split("/").at(-1) ?? "" };
  }

  const idIn = ({ out }: Run): string => /evt_\w+/.exec(out)?.[0] ?? assert.fail(out);

  test("trigger --dry-run prints the request of a contract, and hands over nothing", async () => {
    const stored = (await run(["events", "list", "--json"])).out;
    const asked = ["trigger", "order.paid", "-d", '{"n":1}', "--dry-run"];
    const one = await run([...asked, "--contract", "standard"]);
    assert.equal(one.code, 0, one.err);
    assert.match(one.out, /^# standard\nPOST https?:.*\n(.+: .+\n)*webhook-id: .*\n(.+: .+\n)*\n\{.*"n":1/);
    const rows = (await run([...asked, "--json"])).out.trimEnd().split("\n");
    const contracts = rows.map((row) => JSON.parse(row).contract);
    assert.ok(contracts.includes("standard") && contracts.includes("bubblehouse"));
    assert.equal((await run([...asked, "--contract", "bspk"])).code, 1);
    assert.match((await run(["trigger", "order.paid", "--contract", "bspk"])).err, /goes with --dry-run/);
    assert.equal((await run(["events", "list", "--json"])).out, stored);
  });

  test("trigger hands over an event and tells what became of it", async () => {
    const taken = await run(["trigger", "order.paid", "-d", '{"n":1}', "--subject", "s 1", "--wait"]);
    assert.equal(taken.code, 0, taken.err);
    assert.match(taken.out, /^evt_\w+\nID +STATE.*\ndlv_\w+ +delivered +1 +ep_\w+ +–\n$/);
    assert.deepEqual(JSON.parse(receiver.arrivals.at(-1)?.body ?? "").data, { n: 1 });

    receiver.answer(() => ({ status: 500 }));
    const refused = await run(["trigger", "order.paid", "-d", "2", "--wait", "--json"]);
    receiver.answer(() => ({ status: 200 }));
    assert.equal(refused.code, 1);
    const [, delivery] = refused.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([delivery.state, delivery.attempts], ["dead", 1]);
  });

  test("trigger --wait says that nobody wants an event, and why it is tried again", async () => {
    const { name, path } = await emptyTenant();
    const unwanted = await run(["trigger", "order.paid", "-d", "1", "--wait", "--tenant", name]);
    assert.deepEqual([unwanted.code, /no endpoint of the tenant wants it/.test(unwanted.err)], [0, true]);
    let answers = 0;
    receiver.answer(() => ({ status: (answers += 1) === 1 ? 500 : 200 }));
    const asked = { url: `${receiver.url}/again`, retry: { delays_ms: [1000], jitter: 0 } };
    await posthorn.call("POST", `${path}/endpoints`, asked);
    const waited = await run(["trigger", "order.paid", "-d", "1", "--wait", "--tenant", name]);
    assert.equal(waited.code, 0, waited.err);
    assert.match(waited.err, /^ep_\w+: attempt 1 failed, status_500; the next is at 2\S+Z\n/);
  });

  for (const [how, contract, ways] of [
    ["is paused", "standard", ["resume", "goes on now"]],
    ["is held since", "bubblehouse", ["skip", "goes on behind that"]],
  ] as const) {
    test(`replay says that its endpoint ${how}, and what ends that`, async () => {
      const { name, path } = await emptyTenant();
      let isDown = false;
      receiver.answer(({ path: asked, body }) => {
        const { magic } = asked.endsWith("/Hello1") ? JSON.parse(body) : {};
        const taken = magic === undefined ? { outcome: "sent" } : { magic, hooks: ["SendEvent1"] };
        return isDown ? { status: 500 } : { status: 200, body: JSON.stringify(taken) };
      });
      const asked = { url: `${receiver.url}/steered/:name`, contract };
      const { json } = await posthorn.call<{ id: string }>("POST", `${path}/endpoints`, asked);
      const { id } = json;
      const trigger = ["trigger", "Points Updated", "-d", '{"customer":{}}', "--tenant", name];
      const first = await run([...trigger, "--wait"]);
      assert.equal(first.code, 0, first.out + first.err);
      if (how === "is paused") {
        await run(["endpoints", "pause", id, "--tenant", name]);
      } else {
        isDown = true;
        await run(trigger);
        const list = ["endpoints", "list", "--tenant", name];
        await until("it is held", async () => (await run(list)).out.includes("held since"));
      }
      const replaying = begin(["replay", id, "--since", "1h", "--only", "all"], name);
      const [verb, does] = ways;
      const line = `posthorn endpoints ${verb} ${id} --tenant ${name} {2}# ${does}`;
      await until("the replay says what holds it up", () =>
        new RegExp(`${id} ${how}[^]*\n${line}\n`).test(replaying.said.err),
      ).catch(() => assert.fail(replaying.said.err));
      isDown = false;
      await run(["endpoints", "resume", id, "--tenant", name]);
      assert.deepEqual(await replaying.ended, [0, null], replaying.said.err);
      receiver.answer(() => ({ status: 200 }));
    });
  }

  test("trigger --wait says what a delivery waits for that was never tried", async () => {
    const { name, path } = await emptyTenant();
    const asked = { url: `${receiver.url}/paused` };
    const { json } = await posthorn.call<{ id: string }>("POST", `${path}/endpoints`, asked);
    await run(["endpoints", "pause", json.id, "--tenant", name]);
    const waiting = begin(["trigger", "order.paid", "-d", "1", "--wait"], name);
    await until("it is said", () => waiting.said.err.includes(`${json.id}: waits, paused`));
    await run(["endpoints", "resume", json.id, "--tenant", name]);
    assert.deepEqual(await waiting.ended, [0, null], waiting.said.err);
  });

  test("list and get show what there is, as a table and as JSON", async () => {
    const id = idIn(await run(["trigger", "order.sent", "-d", "3"]));
    const listed = await run(["events", "list", "--type", "order.sent"]);
    assert.match(listed.out, new RegExp(`^ID .*\\n${id} +20.* order.sent +– +1\\n$`));
    const lines = (await run(["events", "list", "--json", "--limit", "2"])).out.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).type),
      ["order.sent", "order.paid"],
    );
    assert.equal(JSON.parse((await run(["events", "get", id])).out).data, 3);
    assert.match((await run(["endpoints", "list"])).out, new RegExp(`\\n${endpoint} +enabled +standard`));
    assert.match((await run(["deliveries", "list", "--state", "dead"])).out, /\ndlv_\w+ +dead/);
    assert.match((await run(["attempts", "list", "--verdict", "delivered"])).out, /delivered +200/);
  });

  test("replay counts, delivers again, and tells how it ended; recover finds nothing missed", async () => {
    const range = ["--since", "1h", "--only", "dead"];
    assert.equal((await run(["replay", endpoint, ...range, "--dry-run"])).out, "1\n");
    const done = await run(["replay", endpoint, ...range]);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /^rpl_\w+ finished: 1 delivered, 0 failed, 0 gone meanwhile\n$/);
    const recovered = await run(["recover", endpoint]);
    assert.equal(recovered.out, "nothing was missed\n");
    assert.match(recovered.err, /given up is not among it/);
  });

  test("endpoints pauses one, lets it go on, and skips what waits", async () => {
    assert.equal((await run(["endpoints", "pause", endpoint])).out, `${endpoint} paused\n`);
    const id = idIn(await run(["trigger", "order.late", "-d", "1"]));
    assert.equal((await run(["endpoints", "skip", endpoint, "--event", id])).out, "skipped 1\n");
    const inJson = JSON.parse((await run(["endpoints", "resume", endpoint, "--json"])).out);
    assert.deepEqual([inJson.id, inJson.state], [endpoint, "enabled"]);
    const listed = await run(["deliveries", "list", "--state", "cancelled", "--json"]);
    assert.equal(JSON.parse(listed.out).event_id, id);
  });

  test("keys makes a key that can do what it was made for, lists it, and ends it", async () => {
    const words = ["--scope", "events:read", "--scope", "events:write", "--rate", "40"];
    const made = await run(["keys", "create", "billing", ...words]);
    assert.match(made.out, /^phk_\w{49}\n$/);
    const [id = ""] = /key_[\w-]+/.exec(made.err) ?? [];
    assert.match(
      (await run(["keys", "list"])).out,
      new RegExp(`\\n${id} +billing +events:read,events:write +40 +– +–\\n$`),
    );

    const own = { POSTHORN_KEY: made.out.trim() };
    assert.equal((await run(["trigger", "order.paid", "-d", "1"], own)).code, 0);
    assert.equal((await run(["endpoints", "list"], own)).code, 4);
    assert.equal((await run(["keys", "revoke", id])).code, 0);
    assert.equal((await run(["events", "list"], own)).code, 4);
    assert.equal((await run(["keys", "revoke", id])).code, 3);
    const inJson = JSON.parse((await run(["keys", "create", "other", "--json"])).out);
    assert.deepEqual([inJson.name, inJson.rate_per_second], ["other", null]);
  });

  /** A command that goes on until it is interrupted. */
  function begin(words: readonly string[], whose = tenant) {
    const env = { ...process.env, POSTHORN_URL: posthorn.url, POSTHORN_KEY: ADMIN_KEY };
    const child = spawn(process.execPath, [CLI, ...words, "--tenant", whose], { env });
    const said = { out: "", err: "" };
    child.stdout.on("data", (part) => (said.out += String(part)));
    child.stderr.on("data", (part) => (said.err += String(part)));
    const ended = once(child, "exit");
    return { said, end: () => child.kill("SIGINT"), ended };
  }

  test("listen makes the requests of an endpoint, which verify, and leaves nothing behind", async () => {
    const local = await startReceiver();
    local.answer(() => ({ status: 202, body: "taken" }));
    const listening = begin(["listen", "--forward-to", `${local.url}/hooks`, "--types", "heard.*"]);
    await until("it listens", () => listening.said.err.includes("whsec_"));
    const there = (await run(["endpoints", "list", "--json"])).out;
    await run(["trigger", "other.type", "-d", "1"]);
    const id = idIn(await run(["trigger", "heard.loudly", "-d", '{"n": 1.0}']));
    await until("it was forwarded", () => listening.said.out.includes(id));
    assert.match(listening.said.out, new RegExp(`^202 {2}heard.loudly {2}${id} {2}\\d+ ms {2}taken\\n$`));
    assert.equal(local.arrivals.length, 1);
    const [arrival] = local.arrivals;
    assert.ok(arrival);
    const [secret = ""] = /whsec_\S+/.exec(listening.said.err) ?? [];
    // Theirs, not ours, and it throws where the signature is not right.
    new Webhook(secret).verify(arrival.body, arrival.headers as Record<string, string>);
    assert.throws(() =>
      new Webhook(secret).verify(`${arrival.body} `, arrival.headers as Record<string, string>),
    );
    assert.equal(JSON.parse(arrival.body).data.n, 1);
    assert.equal(arrival.path, "/hooks");
    assert.match(String(arrival.headers["user-agent"]), /^Posthorn\//);
    assert.equal((await run(["endpoints", "list", "--json"])).out, there);
    const owed = (await run(["deliveries", "list", "--json"])).out;
    assert.equal(owed.split(id).length - 1, 1, "the endpoint that is there is owed it, and nobody else");

    await local.close();
    const lost = idIn(await run(["trigger", "heard.never", "-d", "1"]));
    await until("it is said", () => listening.said.out.includes(lost));
    assert.match(listening.said.out, new RegExp(`\\nECONNREFUSED {2}heard.never {2}${lost}`));
    listening.end();
    assert.deepEqual(await listening.ended, [0, null]);
    assert.equal((await run(["listen"])).code, 2);
    const unknown = await run(["listen", "--forward-to", "http://127.0.0.1:1", "--contract", "never"]);
    assert.match(unknown.err, /\/contract must be one of standard/);
  });

  test("listen goes on past an event that was erased before its turn", async () => {
    const local = await startReceiver();
    // The first one keeps its turn until the second is gone.
    const first = Promise.withResolvers<{ readonly status: number }>();
    local.answer(() => (local.arrivals.length === 1 ? first.promise : { status: 200 }));
    const listening = begin(["listen", "--forward-to", local.url, "--types", "gone.*", "--json"]);
    await until("it listens", () => listening.said.out.includes('"listening"'));
    await run(["trigger", "gone.first", "-d", "1"]);
    await until("the first is out", () => local.arrivals.length === 1);
    const erased = idIn(await run(["trigger", "gone.erased", "-d", "2"]));
    const last = idIn(await run(["trigger", "gone.last", "-d", "3"]));
    const { status } = await posthorn.call("DELETE", `/v1/tenants/${tenant}/events/${erased}`);
    first.resolve({ status: 200 });
    await until("the last is forwarded", () => listening.said.out.includes(last));
    listening.end();
    await listening.ended;
    await local.close();

    assert.equal(status, 204);
    const told = listening.said.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(told.map(({ type, status: answer, error }) => [type, answer, error]).slice(1), [
      ["gone.first", 200, null],
      ["gone.erased", null, "event_erased"],
      ["gone.last", 200, null],
    ]);
    assert.equal(local.arrivals.length, 2);
  });

  test("endpoints resume tries at once what a held lane waits an hour for", async () => {
    const path = `/v1/tenants/${tenant}/endpoints`;
    const { json } = await posthorn.call<{ id: string }>("POST", path, { url: `${receiver.url}/held` });
    const anHour = { status: 503, headers: { "retry-after": "3600" } };
    receiver.answer((arrival) => (arrival.path === "/held" ? anHour : { status: 200 }));
    const id = idIn(await run(["trigger", "order.held", "-d", "1", "--to", json.id]));
    await until("the lane is held", async () => {
      const { out } = await run(["endpoints", "get", json.id, "--json"]);
      return JSON.parse(out).lane.held_since !== null;
    });
    receiver.answer(() => ({ status: 200 }));
    const resumed = await run(["endpoints", "resume", json.id]);
    const delivered = ["deliveries", "list", "--endpoint", json.id, "--state", "delivered", "--json"];
    await until("it was delivered", async () => (await run(delivered)).out.includes(id));
    await posthorn.call("DELETE", `${path}/${json.id}`);

    assert.deepEqual([resumed.code, resumed.out], [0, `${json.id} enabled\n`]);
  });

  test("tail prints what happens, until it is interrupted", async () => {
    const shown = begin(["tail"]);
    const dead = begin(["tail", "--state", "dead", "--json"]);
    await until("both watch", () => shown.said.err === "watching\n" && dead.said.out !== "");
    assert.deepEqual(JSON.parse(dead.said.out), { kind: "started", has_missed: false });
    receiver.answer(() => ({ status: 500 }));
    const id = idIn(await run(["trigger", "order.paid", "-d", "2"]));
    await until("it is told", () => /delivery/.test(shown.said.out) && /"dead"/.test(dead.said.out));
    receiver.answer(() => ({ status: 200 }));
    assert.match(
      shown.said.out,
      new RegExp(
        `^event +accepted +order.paid +${id}\n` +
          "attempt +retry +order.paid  attempt 1  500 in \\d+ ms  ep_\\w+\n" +
          "delivery +dead +order.paid  dlv_\\w+  status_500\n",
      ),
    );
    const [, told = ""] = dead.said.out.split("\n");
    assert.equal(JSON.parse(told).delivery.event_id, id);
    shown.end();
    dead.end();
    assert.deepEqual(await shown.ended, [0, null]);
    assert.deepEqual(await dead.ended, [0, null]);
    const refused = await run(["tail", "--state", "lost"]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /invalid_request.*\?states must be of pending/s);
  });

  test("completion prints what a shell can read, with every command", async () => {
    const { out, code } = await run(["completion", "bash"]);
    assert.equal(code, 0);
    const script = `${out}\nCOMP_WORDS=(posthorn t); COMP_CWORD=1; _posthorn; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", script]);
    assert.equal(stdout, "tenants trigger tail\n");
    const usage = (await run(["help"])).out;
    for (const shell of ["bash", "zsh", "fish"]) {
      const said = (await run(["completion", shell])).out;
      const commands = [...usage.matchAll(/^ {2}posthorn ([a-z|]+)/gm)].flatMap(([, words = ""]) =>
        words.split("|"),
      );
      for (const command of commands) {
        assert.ok(said.includes(command), `${shell} knows ${command}`);
      }
    }
    assert.equal((await run(["completion", "tcsh"])).code, 2);
  });

  test("what went wrong is said, and is in the exit code", async () => {
    const wrong: readonly (readonly [number, RegExp, readonly string[], NodeJS.ProcessEnv?])[] = [
      [1, /invalid_request.*\n {2}\/to must be/s, ["trigger", "a.b", "-d", "1", "--to", "ep_x"]],
      [1, /unreachable/, ["events", "list", "--url", "http://127.0.0.1:1"]],
      [2, /where is the server\?/, ["events", "list", "--url", "127.0.0.1:1"]],
      [2, /takes one event type/, ["trigger"]],
      [2, /-d must be JSON/, ["trigger", "a.b", "-d", "{"]],
      [3, /no example of never\.seen: give data with -d/, ["trigger", "never.seen"]],
      [2, /knows no command "evnets"; the nearest is events/, ["evnets"]],
      [2, /knows no command "nonsense"\. posthorn help/, ["nonsense"]],
      [2, /--state must be one of pending/, ["deliveries", "list", "--state", "lost"]],
      [2, /no option "--stat"; the nearest is --state/, ["deliveries", "list", "--stat", "dead"]],
      [2, /takes list or get/, ["events"]],
      [2, /takes create, list, get, .*test or rotate-secret, got "stop"/, ["endpoints", "stop"]],
      [2, /skip takes the id of one endpoint, got 0/, ["endpoints", "skip"]],
      [2, /--until must be a time/, ["endpoints", "skip", endpoint, "--until", "soon"]],
      [3, /not_found/, ["endpoints", "pause", "ep_00000000000000000000000000000000"]],
      [2, /Unexpected argument 'now'/, ["resume", "now"]],
      [4, /unauthorized/, ["resume"], { POSTHORN_KEY: "wrong" }],
      [2, /--rate must be a whole number/, ["keys", "create", "a", "--rate", "0"]],
      [2, /--scope must be one of events:write/, ["keys", "create", "a", "--scope", "all"]],
      [1, /invalid_request.*\n {2}\/expires_at must be/s, ["keys", "create", "a", "--expires-at", "soon"]],
      [2, /takes create, list, revoke or rotate-master/, ["keys"]],
      [2, /which key\?/, ["events", "list"], { POSTHORN_KEY: "" }],
      [3, /not_found/, ["events", "get", "evt_00000000000000000000000000000000"]],
      [4, /unauthorized/, ["events", "list"], { POSTHORN_KEY: "wrong" }],
    ];
    for (const [code, says, words, env] of wrong) {
      const done = await run(words, env);
      assert.equal(done.code, code, `${words.join(" ")}: ${done.err}`);
      assert.match(done.err, says);
      assert.equal(done.out, "");
    }
  });
});
