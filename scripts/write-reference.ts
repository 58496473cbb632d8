/**
 * Writes the pages of docs/reference, the client's operations and the examples in the client's comments,
 * which follow from the code: `node scripts/write-reference.ts`. Where the API would break those who call it,
 * it says so and writes nothing, unless `--break` says that this is meant. What a release promised may not be
 * broken at all before the version says so; `--release` writes what this version promises, and is for whoever
 * releases it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTRACTS } from "../server/src/built-in-contracts.ts";
import { VERSION } from "../server/src/version.ts";
import { apiPage, descriptionFile } from "./reference/api.ts";
import { baselineOf, brokenPromises } from "./reference/baselines.ts";
import { breakingChanges } from "./reference/breaking-changes.ts";
import { readExamples, withExamples } from "./reference/client-examples.ts";
import { clientOperations } from "./reference/client-operations.ts";
import { clientPage } from "./reference/client-page.ts";
import { handWrittenFiles } from "./reference/client-symbols.ts";
import { configurationPage } from "./reference/configuration.ts";
import { eventTypesPage } from "./reference/event-types.ts";
import { keyChoices } from "./reference/key-choices.ts";
import { servedDescription } from "./reference/served-description.ts";

const flag = { type: "boolean", default: false } as const;
const { values } = parseArgs({ options: { break: flag, release: flag } });
const place = (name: string) => new URL(`../docs/reference/${name}`, import.meta.url);

const description = await servedDescription();
const kept = place("openapi.json");
const broken = existsSync(kept) ? breakingChanges(JSON.parse(readFileSync(kept, "utf8")), description) : [];
if (broken.length > 0 && !values.break) {
  throw new Error(`callers of the API would break:\n  ${broken.join("\n  ")}`);
}
const promises = brokenPromises(fileURLToPath(place(".")), { version: VERSION, description });
if (promises.length > 0) {
  throw new Error(`what a release promised would break:\n  ${promises.join("\n  ")}`);
}
if (values.release) {
  writeFileSync(place(baselineOf(VERSION)), descriptionFile(description));
}
writeFileSync(kept, descriptionFile(description));
writeFileSync(place("api.md"), apiPage(description));
writeFileSync(place("configuration.md"), configurationPage());
writeFileSync(place("event-types.md"), eventTypesPage([...CONTRACTS.values()]));

const examples = readExamples();
writeFileSync(place("client.md"), clientPage(description, examples));
const inClient = (file: string) => new URL(`../client/${file}`, import.meta.url);
writeFileSync(inClient("operations.ts"), clientOperations(description, examples));
writeFileSync(inClient("key-choices.ts"), keyChoices(description));
for (const file of handWrittenFiles()) {
  const source = readFileSync(inClient(file), "utf8");
  writeFileSync(inClient(file), withExamples(source, examples, { isRepeated: false }));
}
