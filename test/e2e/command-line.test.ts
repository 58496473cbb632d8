/** What holds for every command there is: its help, its JSON, its exit codes, what it loads. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { freePort } from "../../bench/free-port.ts";
import { COMMANDS, type Command } from "../../server/src/cli/commands.ts";
import { HELP, type Help } from "../../server/src/cli/help.ts";
import { exitCodeOf } from "../../server/src/cli/remote/exit-code.ts";
import { listeningPort } from "../../server/src/listening-port.ts";
import { type Installation, install } from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "server/src/cli.ts");
const HOOK = new URL("./loaded-modules.ts", import.meta.url).href;
const ADMIN_KEY = "an admin key of thirty-two bytes";
const MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const NOBODY = "ep_00000000000000000000000000000000";
const NAMES = Object.keys(HELP).filter(isCommand);

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

interface Given {
  readonly env?: Env;
  readonly node?: readonly string[];
  /** One that goes on is ended when it has said this, on either output. */
  readonly endAt?: RegExp;
}

/**
 * Runs a command whose standard input stays open and says nothing: one that asked for something would never
 * end.
 */
async function run(words: readonly string[], { env = {}, node = [], endAt }: Given = {}): Promise<Run> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("POSTHORN_"));
  const child = spawn(process.execPath, [...node, CLI, ...words], {
    cwd: tmpdir(),
    env: { ...Object.fromEntries(others), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  const endWhereSaid = (): void => {
    if (!child.killed && endAt?.test(said.out + said.err) === true) {
      child.kill("SIGTERM");
    }
  };
  child.stdout.on("data", (part) => {
    said.out += String(part);
    endWhereSaid();
  });
  child.stderr.on("data", (part) => {
    said.err += String(part);
    endWhereSaid();
  });
  await once(child, "close");
  child.stdin.destroy();
  return { code: child.exitCode, ...said };
}

/** What stands before the options: those of a command with verbs are the options of each. */
function verbsOf(name: keyof typeof HELP): readonly (readonly string[])[] {
  const { verbs }: Help = HELP[name];
  const isOptional = name === "clock" || name === "completion";
  return verbs === undefined || isOptional ? [[]] : verbs.map((verb) => [verb]);
}

function lone<Name extends keyof typeof COMMANDS>(name: Name): readonly [Name] {
  return [name];
}

function optionsIn(text: string): readonly string[] {
  return [...new Set(text.match(/--[a-z][a-z-]*/g))];
}

/** Calls a command within this process, and returns what it says and ends with. */
async function refusal(name: keyof typeof COMMANDS, words: readonly string[], env: Env = {}) {
  const command: Command = await COMMANDS[name]();
  const environment = { ...process.env };
  Object.assign(process.env, env);
  try {
    await command(words);
  } catch (error) {
    assert.ok(error instanceof Error);
    return { code: exitCodeOf(error), says: error.message };
  } finally {
    process.env = environment;
  }
  assert.fail(`posthorn ${name} ${words.join(" ")} is refused`);
}

function isCommand(name: string | undefined): name is keyof typeof COMMANDS {
  return name !== undefined && Object.hasOwn(COMMANDS, name);
}

describe("every command", () => {
  test("takes the options that its help names, and is told of another the nearest", async () => {
    for (const name of NAMES) {
      const help: Help = HELP[name];
      const taken: string[] = [];
      for (const verb of verbsOf(name)) {
        const { code, says } = await refusal(name, [...verb, "--jsno"]);
        assert.equal(code, 2, name);
        const [, of = ""] = /^there is no option "--jsno"; (.*)/.exec(says) ?? [];
        assert.match(of, name === "completion" ? /^it takes none$/ : /^the nearest is --json, of /, says);
        taken.push(...optionsIn(of));
      }
      const documented = optionsIn(Object.keys(help.options).join(" "));
      assert.deepEqual(documented.toSorted(), [...new Set(taken)].toSorted(), name);
    }
  });

  test("is refused with 2 without what it needs", async () => {
    const lacking: readonly (readonly [keyof typeof COMMANDS, ...string[]])[] = [
      ...(["keys", "migrate", "tenants", "endpoints", "events", "deliveries", "attempts"] as const).map(lone),
      ...(["trigger", "replay", "recover", "listen", "backup", "move", "completion"] as const).map(lone),
      ...(["sign", "verify"] as const).map(lone),
      ["endpoints", "get"],
      ["endpoints", "create"],
      ["endpoints", "create", "https://receiver.example.com/", "-d", "[]"],
      ["endpoints", "rotate-secret", NOBODY, "--overlap", "long"],
      ["tenants", "create"],
      ["endpoints", "lsit"],
      ["clock", "advance"],
      ["replay", NOBODY, "--since", "1h", "--only", "all", "--rate", "fast"],
      ["trigger", "a.b", "--tenant", "acme", "-d", `@${join(tmpdir(), "no-such-file.json")}`],
      ["bench", "--rounds", "0"],
    ];
    for (const [name, ...words] of lacking) {
      assert.equal((await refusal(name, words)).code, 2, `${name} ${words.join(" ")}`);
    }
    assert.match((await refusal("endpoints", ["lsit"])).says, /got "lsit"; the nearest is list$/);
  });

  test("is in the list and has help of its own, and a name that is not is told the nearest", async () => {
    const listed = await run(["help"]);
    for (const [name, { forms }] of Object.entries<Help>(HELP)) {
      forms.forEach((form) => assert.ok(listed.out.includes(`  posthorn ${form}`), `${name}: ${form}`));
    }
    assert.deepEqual([listed.code, listed.err], [0, ""]);
    const own = await run(["tail", "--help"]);
    assert.match(own.out, /^posthorn tail\n\n {2}watch .*\n\n {2}--state <s,…> {4}/);
    assert.deepEqual(await run(["help", "tail"]), own);
    const refused = await run(["tial", "--json"]);
    assert.deepEqual([refused.code, refused.out], [2, ""]);
    assert.match(refused.err, /no command "tial"; the nearest is tail\./);
    const wrong = await run(["tail", "--stat", "dead"]);
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /^posthorn: there is no option "--stat"; the nearest is --state, of --url, /);
  });
});

/** Runs a command and sees which files of ours, and of packages, it loads. */
async function runSeen(words: readonly string[], given: Given = {}) {
  const done = await run(words, { ...given, node: ["--import", HOOK] });
  const [, list = "[]"] = /^LOADED (.*)$/m.exec(done.err) ?? [];
  const parsed: unknown = JSON.parse(list);
  assert.ok(Array.isArray(parsed) && parsed.length > 0, done.err);
  const root = pathToFileURL(ROOT).href;
  const loaded = parsed.map((url) => String(url).slice(root.length));
  return { ...done, loaded: loaded.filter((path) => !path.startsWith("test/")) };
}

/** What every command loads. */
const START = [
  "client/posthorn-error.ts",
  "server/package.json",
  ...["cli.ts", "cli/commands.ts", "cli/remote/exit-code.ts", "cli/remote/usage-error.ts", "crash.ts"]
    .concat(["described-fault.ts", "nearest.ts", "runtime.ts", "standard-error.ts", "version.ts"])
    .map((name) => `server/src/${name}`),
];

/** What those load that ask a server. */
const OF_CLIENTS = /^(client\/|server\/src\/cli\/|server\/src\/settings\.ts$)/;

/** What those do without that open a database and serve nothing. */
const OF_SERVERS =
  /node_modules\/(fastify|typebox|ajv|undici)\/|^server\/src\/(main\.ts|(api|engine|outbound)\/)/;

const READING = /^(\w+ (list|get)|tail|clock$)/;

describe("commands beside a server", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;
  let folder: string;
  let env: Env;
  let own: Env;
  let endpoint: string;
  let event: string;
  let delivery: string;
  let attempt: string;
  let doomed: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "posthorn-commands-"));
    posthorn = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY } });
    receiver = await startReceiver();
    receiver.answer(() => ({ status: 200 }));
    const tenant = (await posthorn.tenant("standard")).split("/").at(-1) ?? "";
    const path = `/v1/tenants/${tenant}/endpoints`;
    const url = `${receiver.url}/hooks`;
    const make = async (more: object) =>
      (await posthorn.call<{ id: string }>("POST", path, { url, ...more })).json.id;
    endpoint = await make({});
    doomed = await make({ event_types: ["doomed"] });
    env = { POSTHORN_URL: posthorn.url, POSTHORN_KEY: ADMIN_KEY, POSTHORN_TENANT: tenant };
    own = {
      POSTHORN_DATABASE_URL: `sqlite:${join(folder, "own.db")}`,
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
      POSTHORN_MASTER_KEY: MASTER_KEY,
      POSTHORN_PORT: String(await freePort()),
    };
    const sent = await run(["trigger", "a.b", "-d", "1", "--wait", "--json"], { env });
    const lines = sent.out.trim().split("\n");
    [event, delivery] = lines.map((line) => JSON.parse(line).id);
    attempt = JSON.parse((await run(["attempts", "list", "--json"], { env })).out).id;
  });
  after(async () => {
    await receiver.close();
    await posthorn.close();
    rmSync(folder, { recursive: true, force: true });
  });

  type Call = readonly [words: readonly string[], given: Given];

  function opening(): readonly Call[] {
    const words = [
      ["migrate", "up"],
      ["migrate", "status"],
      ["keys", "rotate-master"],
      ["config"],
      ["doctor"],
      ["backup", join(folder, "copy.db")],
    ];
    return words.map((each) => [each, { env: own }]);
  }

  function asking(): readonly Call[] {
    return [
      [["keys", "create", "one"], { env }],
      [["keys", "list"], { env }],
      [["tenants", "create", "other", "--name", "Other"], { env }],
      [["tenants", "list"], { env }],
      [["tenants", "get", env["POSTHORN_TENANT"] ?? ""], { env }],
      [["tenants", "update", "other", "-d", '{"validation":"warn"}'], { env }],
      [["tenants", "delete", "other"], { env }],
      [["trigger", "a.b", "-d", "2", "--wait"], { env }],
      [["endpoints", "list"], { env }],
      [["endpoints", "get", endpoint], { env }],
      [["endpoints", "pause", endpoint], { env }],
      [["endpoints", "resume", endpoint], { env }],
      [["endpoints", "skip", endpoint, "--event", event], { env }],
      [["endpoints", "create", `${receiver.url}/other`, "--types", "other.*"], { env }],
      [["endpoints", "update", endpoint, "--description", "for people"], { env }],
      [["endpoints", "test", endpoint, "--wait"], { env }],
      [["endpoints", "rotate-secret", endpoint], { env }],
      [["endpoints", "disable", endpoint], { env }],
      [["endpoints", "enable", endpoint], { env }],
      [["endpoints", "delete", doomed], { env }],
      [["events", "list"], { env }],
      [["events", "get", event], { env }],
      [["deliveries", "list"], { env }],
      [["deliveries", "get", delivery], { env }],
      [["attempts", "list"], { env }],
      [["attempts", "get", attempt], { env }],
      [["replay", endpoint, "--since", "1h", "--only", "all"], { env }],
      [["replay", endpoint, "--since", "1h", "--only", "all", "--dry-run"], { env }],
      [["recover", endpoint], { env }],
      [["resume"], { env }],
      [["clock"], { env }],
      [["clock", "advance", "1s"], { env }],
      [["tail"], { env, endAt: /"kind":"started"/ }],
      [["listen", "--forward-to", receiver.url], { env, endAt: /"kind":"listening"/ }],
    ];
  }

  const SERVING = ["serve", "start"];

  /** Whose JSON other tests look at, as they take long or need another database; and what is no data. */
  const OTHERS = ["bench", "demo", "move", "completion", "sign", "verify"];

  /** Calls what must be done, and returns what it loaded. */
  async function done([name = "", ...words]: readonly string[], given: Given = {}) {
    const line = `posthorn ${name} ${words.join(" ")} --json`;
    const { code, out, err, loaded } = await runSeen([name, ...words, "--json"], given);
    assert.equal(code, 0, `${line}: ${err}`);
    assert.notEqual(out, "", line);
    for (const printed of out.trimEnd().split("\n")) {
      const parsed: unknown = JSON.parse(printed);
      assert.ok(typeof parsed === "object" && parsed !== null && !Array.isArray(parsed), line);
    }
    return { line, loaded };
  }

  test("that open a database print JSON with --json alone, and load no server of HTTP", async () => {
    for (const [words, given] of opening()) {
      const { line, loaded } = await done(words, given);
      assert.deepEqual(
        loaded.filter((path) => OF_SERVERS.test(path)),
        [],
        line,
      );
    }
  });

  test("that serve say of a port that is taken which setting it is", async (t) => {
    const taker = createServer().listen(0, "127.0.0.1");
    t.after(() => taker.close());
    await once(taker, "listening");
    const samePort = { ...own, POSTHORN_PORT: `${listeningPort(taker)}` };
    const { code, err } = await run(["serve"], { env: samePort });
    assert.equal(code, 1, err);
    assert.match(err, /127\.0\.0\.1:\d+ is in use by another process: POSTHORN_PORT is where/);
  });

  test("that serve print JSON with --json alone", async () => {
    for (const name of SERVING) {
      const { code, out, err } = await run([name, "--json"], { env: own, endAt: /"kind":"serving"/ });
      assert.equal(code, 0, err);
      assert.match(out, /^\{"kind":"serving","url":"http:[^\n]*\}\n$/);
    }
  });

  // In two parts: a busy machine takes long to start so many processes.
  for (const [name, part] of [
    ["change something", (words: readonly string[]) => !READING.test(words.join(" "))],
    ["only read", (words: readonly string[]) => READING.test(words.join(" "))],
  ] as const) {
    test(`that ask a server and ${name} print JSON with --json alone, and load its client`, async () => {
      for (const [words, given] of asking().filter(([each]) => part(each))) {
        const { line, loaded } = await done(words, given);
        const foreign = loaded.filter((path) => !OF_CLIENTS.test(path) && !START.includes(path));
        assert.deepEqual(foreign, [], line);
        assert.ok(loaded.length < 40, `${line} loads ${loaded.length} files`);
      }
    });
  }

  test("are all looked at", () => {
    const called = [...opening(), ...asking()].flatMap(([[name = ""]]) => name);
    assert.deepEqual([...new Set([...called, ...SERVING, ...OTHERS])].toSorted(), NAMES.toSorted());
  });

  test("end with 4 for a key that is none, 1 where no server is, 3 for what is not there", async () => {
    const wrong = { ...env, POSTHORN_KEY: "wrong" };
    const nowhere = { ...env, POSTHORN_URL: `http://127.0.0.1:${await freePort()}` };
    for (const [[name, ...words]] of asking()) {
      assert.ok(isCommand(name));
      const refused = await refusal(name, words, wrong);
      assert.deepEqual([refused.code, refused.says.split(":")[0]], [4, "unauthorized"], words.join(" "));
    }
    const missing: readonly (readonly [keyof typeof COMMANDS, ...string[]])[] = [
      ...HELP.endpoints.verbs
        .filter((verb) => verb !== "create" && verb !== "list")
        .map((verb) => ["endpoints", verb, NOBODY] as const),
      ...["get", "update", "delete"].map((verb) => ["tenants", verb, "nobody"] as const),
      ["events", "get", NOBODY.replace("ep", "evt")],
      ["deliveries", "get", `dlv_${"0".repeat(48)}`],
      ["keys", "revoke", "key_0"],
      ["recover", NOBODY],
    ];
    for (const [name, ...words] of missing) {
      assert.equal((await refusal(name, words, env)).code, 3, words.join(" "));
    }
    assert.equal((await refusal("keys", ["create", "two"], nowhere)).code, 1);
    for (const [words, given, code] of [
      [["endpoints", "list"], wrong, 4],
      [["clock"], nowhere, 1],
      [["events", "get", NOBODY.replace("ep", "evt")], env, 3],
    ] as const) {
      const { code: ended, out, err } = await run(words, { env: given });
      assert.deepEqual([ended, out], [code, ""], err);
      assert.match(err, /^posthorn: \w+: /);
    }
  });

  test("load nothing for their version and their help but what says it", async () => {
    assert.deepEqual((await runSeen(["--version"])).loaded.toSorted(), START.toSorted());
    const help = [...START, "server/src/cli/help.ts", "server/src/cli/remote/print.ts"].toSorted();
    assert.deepEqual((await runSeen(["help"])).loaded.toSorted(), help);
    assert.deepEqual((await runSeen(["serve", "--help"])).loaded.toSorted(), help);
  });
});
