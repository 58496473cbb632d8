/** Which code blocks of the documents a test runs or compares, and why the few others are only looked at. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { configOf } from "../../server/src/cli/config-given.ts";
import { SETTINGS, type Setting } from "../../server/src/settings.ts";
import { codeBlocksOf, fencesOf, PAGE_TEST, placeOf, serveIn } from "./page.ts";

const ROOT = join(import.meta.dirname, "../..");
const HERE = "test/e2e/code-blocks.test.ts";
const GUIDES = "test/e2e/guide-pages.test.ts";
const SENDING = "test/e2e/sending-pages.test.ts";
const ASKING = "test/e2e/asking-pages.test.ts";
const POSTGRES = "test/postgres/pages.test.ts";

/** Tests that run the blocks of a page which say in their first line which file or terminal they are for. */
const NAMED_RUN_BY: Readonly<Record<string, string>> = {
  "README.md": ASKING,
  "client/README.md": "test/e2e/client-readme.test.ts",
  "contracts/README.md": HERE,
  "docs/guides/first-event.md": SENDING,
  "docs/guides/in-your-application.md": POSTGRES,
  "docs/guides/latest-only.md": ASKING,
  "docs/guides/live-stream.md": ASKING,
  "docs/guides/ordered.md": GUIDES,
  "docs/guides/outages.md": SENDING,
  "docs/guides/portal.md": ASKING,
  "docs/guides/receive.md": SENDING,
  "docs/guides/replays.md": ASKING,
  "docs/guides/security.md": GUIDES,
  "docs/guides/test-clock.md": ASKING,
  "docs/operating/audit.md": ASKING,
  "docs/operating/backup.md": ASKING,
  "docs/operating/keys.md": ASKING,
  "docs/operating/move.md": POSTGRES,
  "docs/operating/operational-events.md": ASKING,
  "docs/operating/postgres.md": POSTGRES,
  "docs/operating/retention.md": ASKING,
  "docs/operating/tracing.md": GUIDES,
  "docs/operating/upgrades.md": GUIDES,
  "docs/reference/contracts.md": ASKING,
  "docs/start.md": "test/packages/start-page.test.ts",
  "receiver/README.md": "receiver/readme.test.ts",
};

/** Tests that read every block of a page. */
const ALL_RUN_BY: Readonly<Record<string, string>> = {
  "docs/guides/event-types.md": "test/e2e/event-types.test.ts",
  "docs/reference/client.md": "test/e2e/client-examples.test.ts",
  "docs/guides/your-own-contract.md": "test/e2e/own-contract-page.test.ts",
  "docs/operating/limits.md": ASKING,
  "docs/operating/metrics.md": "test/e2e/metrics.test.ts",
  "docs/reference/command-line.md": HERE,
  "docs/reference/event-types.md": "scripts/reference/event-types.test.ts",
};

/** Tests that compare a block of output, or read it by its own parser; by how it begins. */
const COMPARED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "docs/guides/ordered.md": { '  "lane": {': GUIDES },
  "docs/operating/audit.md": { '{"id":"aud_': ASKING },
  "docs/operating/backup.md": { '{"state":"paused"': ASKING },
  "docs/operating/keys.md": { "sealed anew": ASKING },
  "docs/operating/move.md": { TABLE: POSTGRES },
  "docs/operating/postgres.md": {
    "POSTHORN_DATABASE_URL=": HERE,
    "CREATE ROLE": POSTGRES,
    "-- Events of one tenant": POSTGRES,
  },
  "docs/start.md": { "event     accepted": "test/packages/start-page.test.ts" },
  "README.md": { "git clone": HERE },
  "docs/operating/evidence.md": { "npm test --": HERE },
  "docs/operating/performance.md": { "npm run bench": HERE },
  "server/README.md": { "POSTHORN_MASTER_KEY=": HERE },
};

const A_PICTURE = "a picture";
const NO_REGISTRY = "on no registry yet: test/packages installs the same from tarballs";

/** Blocks that nothing runs, by how they begin, and why. */
const NOT_RUN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "ARCHITECTURE.md": { " application": A_PICTURE },
  "README.md": { " your application": A_PICTURE },
  "client/README.md": { "npm install @posthorn/client": NO_REGISTRY },
  "docs/guides/in-your-application.md": {
    "// with-another-library.mjs": "of a library that is not here",
  },
  "docs/guides/portal.md": {
    "<iframe": "of a page of the reader's: test/browser/portal.test.ts shows the portal in such a frame",
  },
  "docs/operating/install.md": {
    "npm install --omit=dev ./": NO_REGISTRY,
    "npm run pack": "it takes an engine of containers: npm run deployed tries the image",
    "npm install --omit=dev --prefix": "it takes a running systemd: npm run deployed tries the unit",
    "export POSTHORN_DATABASE_URL": "of such a machine: npm run deployed tries it there",
  },
  "docs/start.md": { "git clone": "test/packages/start-page.test.ts packs what is here" },
  "receiver/README.md": { "npm install @posthorn/receiver": NO_REGISTRY },
  "server/README.md": { "npm install posthorn": NO_REGISTRY },
};

function pages(): readonly string[] {
  const workspaces = ["client", "contracts", "dashboard", "receiver", "server"].map((name) => `${name}/*.md`);
  return globSync(["*.md", "docs/**/*.md", ...workspaces], { cwd: ROOT }).map((path) =>
    path.replaceAll("\\", "/"),
  );
}

const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The beginnings, of those that are listed for a page, which no block of it has or several have. */
function strayIn(listed: typeof NOT_RUN): readonly string[] {
  return Object.entries(listed).flatMap(([path, beginnings]) =>
    Object.keys(beginnings)
      .filter((beginning) => fencesOf(path).filter(({ code }) => code.startsWith(beginning)).length !== 1)
      .map((beginning) => `${path}: ${beginning}`),
  );
}

describe("the documents", () => {
  it("have no code blocks but those that a test runs or compares, and those that say why not", () => {
    const unlisted = pages()
      .filter((path) => ALL_RUN_BY[path] === undefined)
      .flatMap((path) => {
        const known = Object.keys({ ...COMPARED_BY[path], ...NOT_RUN[path] });
        const isRun = (code: string) => NAMED_RUN_BY[path] !== undefined && /^(?:\/\/|#) /.test(code);
        return fencesOf(path)
          .filter(({ code }) => !isRun(code) && !known.some((beginning) => code.startsWith(beginning)))
          .map(({ code }) => `${path}: ${code.split("\n")[0]}`);
      });
    assert.deepEqual(unlisted, []);
    assert.deepEqual([...strayIn(COMPARED_BY), ...strayIn(NOT_RUN)], []);
  });

  it("have no block whose fences are not understood", () => {
    for (const path of pages()) {
      const fences = textOf(path).match(/^ *```/gm) ?? [];
      assert.equal(fencesOf(path).length * 2, fences.length, path);
    }
  });

  it("are read by the tests that are said to", () => {
    for (const [path, test] of Object.entries({ ...NAMED_RUN_BY, ...ALL_RUN_BY })) {
      assert.ok(textOf(test).includes(basename(path)), `${test} reads ${path}`);
      assert.ok(codeBlocksOf(path).length > 0 || ALL_RUN_BY[path] !== undefined, `${path} has blocks to run`);
    }
    for (const [path, tests] of Object.entries(COMPARED_BY)) {
      for (const test of Object.values(tests)) {
        assert.ok(textOf(test).includes(basename(path)), `${test} reads ${path}`);
      }
    }
  });

  it("are all in the list of docs/README.md", () => {
    const listed = textOf("docs/README.md");
    const missing = globSync("**/*.md", { cwd: join(ROOT, "docs") })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => path !== "README.md" && !listed.includes(`(${path})`));
    assert.deepEqual(missing, []);
  });

  it("name no file of the source that there is not, in ARCHITECTURE.md", () => {
    const folders = [
      "bench",
      "client",
      "contracts",
      "dashboard",
      "examples",
      "receiver",
      "scripts",
      "server",
      "sim",
    ];
    const files = globSync(
      [...folders, "test"].map((folder) => `${folder}/**/*.ts`),
      {
        cwd: ROOT,
        exclude: (path) => path.includes("node_modules"),
      },
    ).map((path) => `/${path.replaceAll("\\", "/")}`);
    const named = textOf("ARCHITECTURE.md").match(/\b[\w/-]+\.ts\b/g) ?? [];
    assert.ok(named.length > 50);
    const gone = named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)));
    assert.deepEqual(gone, []);
  });

  it("name every file of the engine, in ARCHITECTURE.md", () => {
    const architecture = textOf("ARCHITECTURE.md");
    const missing = globSync("*.ts", { cwd: join(ROOT, "server/src/engine") })
      .filter((file) => !/(\.test|-fixture)\.ts$/.test(file))
      .filter((file) => !architecture.includes(`\`${file.slice(0, -".ts".length)}\``));
    assert.deepEqual(missing, []);
  });

  it("name no setting that there is not", () => {
    const settings: readonly Setting[] = SETTINGS;
    const known = new Set(settings.flatMap(({ name }) => [name, `${name}_FILE`]));
    const unknown = pages()
      .filter((path) => path !== "CHANGELOG.md")
      .flatMap((path) =>
        [...textOf(path).matchAll(/\bPOSTHORN_[A-Z_]*[A-Z]\b/g)]
          .map(([name]) => name)
          .filter((name) => !known.has(name) && name !== "POSTHORN_UPPER")
          .map((name) => `${path}: ${name}`),
      );
    assert.deepEqual(unknown, []);
  });

  it("set variables as a server takes them", async () => {
    for (const path of ["docs/operating/postgres.md", "server/README.md"]) {
      const { code } =
        fencesOf(path).find((fence) => fence.code.startsWith("POSTHORN_")) ??
        assert.fail(`${path} sets some`);
      const { stdout } = await promisify(execFile)("bash", ["-c", `set -a; ${code}\nenv`]);
      const set = [...stdout.matchAll(/^(POSTHORN_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
      assert.ok(set.length > 0);
      configOf(Object.fromEntries(set));
    }
  });

  it("name no script of npm, and no file for it, that there is not", () => {
    const { scripts } = JSON.parse(textOf("package.json"));
    const pagesWithCommands = ["README.md", "docs/operating/evidence.md", "docs/operating/performance.md"];
    const commands = [...pagesWithCommands, "CONTRIBUTING.md"].flatMap((path) =>
      [...textOf(path).matchAll(/npm (?:run )?\b(start|test|(?<=run )[a-z]+)\b(?: -- ([^#`\n]*))?/g)].map(
        ([, script = "", words = ""]) => ({ path, script, words: words.trim().split(/ +/) }),
      ),
    );
    assert.ok(commands.length > 15);
    for (const { path, script, words } of commands) {
      assert.ok(
        scripts[script] !== undefined || ["install", "ci", "pack"].includes(script),
        `${path}: ${script}`,
      );
      for (const file of words.filter((word) => word.includes("/"))) {
        assert.ok(existsSync(join(ROOT, file)), `${path}: ${file}`);
      }
    }
  });
});

describe("docs/reference/command-line.md", () => {
  it("has command lines that are right", PAGE_TEST, async (t) => {
    const place = placeOf(t);
    const { env } = await serveIn(place);
    writeFileSync(join(place.folder, "secret.txt"), `whsec_${Buffer.alloc(32, 7).toString("base64")}\n`);
    writeFileSync(join(place.folder, "body.json"), "{}");
    writeFileSync(join(place.folder, "request.txt"), "webhook-id: evt_1\n\n{}");
    const lines = fencesOf("docs/reference/command-line.md").flatMap(({ code }) => code.trim().split("\n"));
    assert.ok(lines.length >= 20);
    // Some of them go on until they are ended, and one measures for a minute: they have tests of their own.
    const ending = lines.filter((line) => !/^posthorn (tail|listen|bench)\b/.test(line));
    const script = ending.map((line) => `( ${line.replace(/\|.*| {2,}#.*/, "")} ) || codes+=" $?"`);
    const run = promisify(execFile)("bash", ["-c", ["codes=", ...script, 'echo "codes$codes"'].join("\n")], {
      cwd: place.folder,
      env: { ...process.env, ...env, POSTHORN_TENANT: "posthorn" },
    });
    const { stdout, stderr } = await run;
    const [, codes = ""] = /^codes(.*)$/m.exec(stdout) ?? assert.fail(stderr);
    assert.equal(codes.split(" ").includes("2"), false, `no usage is wrong: ${stderr}`);
  });
});

describe("contracts/README.md", () => {
  it("has a program that says what its comment says", PAGE_TEST, async (t) => {
    const { folder } = placeOf(t);
    const [block, ...more] = codeBlocksOf("contracts/README.md");
    assert.ok(block);
    assert.deepEqual(more, []);
    writeFileSync(join(folder, block.name), block.code);
    const { stdout } = await promisify(execFile)(process.execPath, [block.name], { cwd: folder });
    const [, expected] = /\/\/ (\{.*)\n/.exec(block.code) ?? [];
    assert.equal(stdout.trim(), expected);
  });
});
