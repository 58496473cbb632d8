/** Writes the pages of docs/reference that follow from the code. */
import { mkdirSync, writeFileSync } from "node:fs";
import { CONTRACTS } from "../server/src/main.ts";
import { eventTypesPage } from "./reference/event-types.ts";

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("event-types.md", folder), eventTypesPage([...CONTRACTS.values()]));
