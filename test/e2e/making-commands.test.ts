/** The commands that make, change and end tenants and endpoints. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { posthornText } from "../../dashboard/src/text/posthorn-command.ts";
import { HELP, type Help } from "../../server/src/cli/help.ts";
import { type Installation, install, until } from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type Run, runCommand } from "./run-command.ts";

const ADMIN_KEY = "an admin key of thirty-two bytes";

describe("the commands that make things", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;
  let folder: string;

  before(async () => {
    posthorn = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY } });
    receiver = await startReceiver();
    receiver.answer(() => ({ status: 200 }));
    folder = mkdtempSync(join(tmpdir(), "posthorn-making-"));
  });
  after(async () => {
    await receiver.close();
    await posthorn.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(words: readonly string[], code = 0): Promise<Run> {
    const done = await runCommand(words, { POSTHORN_URL: posthorn.url, POSTHORN_KEY: ADMIN_KEY });
    assert.equal(done.code, code, `${words.join(" ")}: ${done.err}`);
    return done;
  }

  const got = async (words: readonly string[]) => JSON.parse((await run(words)).out);
  const idIn = ({ err }: Run): string => /ep_\w+/.exec(err)?.[0] ?? assert.fail(err);

  test("tenants makes one, changes it, lists it, and ends it", async () => {
    assert.equal((await run(["tenants", "create", "shop-1", "--contract", "bspk"])).out, "shop-1\n");
    const { name, contract } = await got(["tenants", "get", "shop-1"]);
    assert.deepEqual([name, contract], ["shop-1", "bspk"]);
    const made = await run(["tenants", "create", "-d", '{"name":"Two","validation":"warn"}']);
    assert.match(made.out, /^ten_\S+\n$/);
    const changed = await got(["tenants", "update", "shop-1", "--name", "One", "--json"]);
    assert.deepEqual([changed.name, changed.contract], ["One", "bspk"]);
    const listed = (await run(["tenants", "list"])).out;
    assert.match(listed, /^ID +NAME +CONTRACT +VALIDATION +CREATED_AT\n/);
    assert.match(listed, /\nshop-1 +One +bspk +off +2/);
    assert.match((await run(["tenants", "create", "shop-1"], 1)).err, /tenant_exists/);
    assert.match((await run(["tenants", "delete", "shop-1"])).err, /^shop-1 is deleted/);
    await run(["tenants", "get", "shop-1"], 3);
  });

  test("endpoints makes one whose secret stands alone on standard output, and is right", async () => {
    await run(["tenants", "create", "acme"]);
    const of = ["--tenant", "acme"];
    const words = ["--types", "order.*,a.b", "-d", '{"retry":{"delays_ms":[],"jitter":0}}'];
    const made = await run(["endpoints", "create", `${receiver.url}/hooks`, ...words, ...of]);
    assert.match(made.out, /^whsec_\S+\n$/);
    assert.match(made.err, /^ep_\w+ was created, in the contract standard; .* shown this once\n$/);
    const id = idIn(made);
    const shown = await got(["endpoints", "get", id, ...of]);
    assert.deepEqual([shown.event_types, shown.retry.delays_ms], [["order.*", "a.b"], []]);

    const sent = await run(["endpoints", "test", id, "--type", "order.paid", "--wait", ...of]);
    assert.match(sent.out, /^evt_\w+\n[\s\S]*delivered/);
    assert.equal(receiver.arrivals.at(-1)?.path, "/hooks");

    const rotated = await run(["endpoints", "rotate-secret", id, "--overlap", "1h", ...of]);
    assert.match(rotated.out, /^whsec_\S+\n$/);
    assert.notEqual(rotated.out, made.out);
    assert.match(rotated.err, /the older ones end at 2\S+Z\n$/);
    const own = join(folder, "secret.txt");
    writeFileSync(own, `whsec_${Buffer.alloc(32, 7).toString("base64")}\n`);
    const last = ["endpoints", "rotate-secret", id, "--overlap", "0", "--secret-file", own, ...of];
    const { secret, secrets } = await got([...last, "--json"]);
    assert.deepEqual([secret, secrets.length], [`whsec_${Buffer.alloc(32, 7).toString("base64")}`, 1]);

    writeFileSync(join(folder, "change.json"), '{"event_types":null,"rate_per_second":5}');
    const change = ["-d", `@${join(folder, "change.json")}`, "--description", "theirs"];
    const changed = await got(["endpoints", "update", id, ...change, ...of]);
    assert.deepEqual(
      [changed.event_types, changed.rate_per_second, changed.description],
      [null, 5, "theirs"],
    );
    await posthorn.call("POST", "/v1/tenants/acme/event-types", { name: "order.paid", schema: {} });
    const slip = await run(["endpoints", "update", id, "--types", "order.payed", ...of]);
    assert.match(slip.err, /^warning: "order.payed" fits no event type .* the nearest is order.paid\n$/);
    assert.equal((await run(["endpoints", "disable", id, ...of])).out, `${id} disabled\n`);
    assert.equal((await run(["endpoints", "enable", id, ...of])).out, `${id} enabled\n`);
    assert.match((await run(["endpoints", "delete", id, ...of])).err, new RegExp(`^${id} is deleted`));
    await run(["endpoints", "get", id, ...of], 3);
  });

  test("endpoints list says since when one fails, is held or is disabled, and why", async () => {
    await run(["tenants", "create", "bank"]);
    const of = ["--tenant", "bank"];
    const make = async (path: string, contract: string) => {
      const url = `${receiver.url}${path}`;
      return idIn(await run(["endpoints", "create", url, "--contract", contract, ...of]));
    };
    const failing = await make("/failing", "standard");
    const held = await make("/held/:name", "bubblehouse");
    const gone = await make("/gone", "standard");
    receiver.answer(({ path }) => ({ status: path === "/gone" ? 410 : 500 }));
    await run(["trigger", "Points Updated", "-d", '{"id":"1"}', ...of]);
    const said = async () => (await run(["endpoints", "list", ...of])).out;
    const time = "since 2\\S+Z";
    await until("all of it is said", async () => {
      const list = await said();
      return [
        `${failing} +failing ${time} +standard`,
        `${held} +held ${time}: \\w+ +bubblehouse`,
        `${gone} +disabled: \\w+ +standard`,
      ].every((line) => new RegExp(`\\n${line}`).test(list));
    }).catch(async () => assert.fail(await said()));
    receiver.answer(() => ({ status: 200 }));
  });
});

test("commands that the dashboard says are there, with their options", () => {
  const body = { name: "A", url: "https://receiver.example.com/", event_types: ["a"], enabled: true };
  const more = { contract: "bspk", description: "theirs" };
  const replay = { endpoint: "ep_1", since: "2h", until: "1h", only: "dead", rate: 1 };
  const calls = [
    ["POST", "/v1/tenants", { id: "acme", name: "Acme" }],
    ["POST", "endpoints", { ...body, ...more }],
    ["PATCH", "endpoints/ep_1", body],
    ["DELETE", "endpoints/ep_1"],
    ...["enable", "disable", "pause", "resume", "skip", "rotate-secret", "recover"].map(
      (verb) => ["POST", `endpoints/ep_1/${verb}`] as const,
    ),
    ["GET", "events/evt_1"],
    ["GET", "attempts/att_1"],
    ["GET", "deliveries?state=dead"],
    ["POST", "replays", replay],
    ["POST", "keys", { name: "A", role: "viewer" }],
    ["DELETE", "keys/key_1"],
  ] as const;
  for (const [method, path, given] of calls) {
    const call = { method, path: path.startsWith("/") ? path : `/v1/tenants/acme/${path}`, body: given };
    const text = posthornText("http://127.0.0.1:8080", call) ?? assert.fail(path);
    const [, name = "", verb = ""] = text.split(" ");
    const help: Help | undefined = Object.entries<Help>(HELP).find(([command]) => command === name)?.[1];
    assert.ok(help !== undefined && (help.verbs?.includes(verb) ?? true), text);
    const known = Object.keys(help.options).join(" ");
    for (const option of text.match(/(?<= '?)--?[a-z]+/g) ?? []) {
      assert.ok(known.includes(option), `${option} of ${text}`);
    }
  }
});
