import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents } from "@posthorn/contracts/cloudevents/send";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "@posthorn/contracts/samples";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";

const cases = [
  [standard, "createStandardReceiver", 204, {}],
  [standard, "createStandardReceiver", 204, { signature: "v1a" }],
  [bspk, "createBspkReceiver", 204, {}],
  [spektr, "createSpektrReceiver", 200, { hmac: true }],
  [bubblehouse, "createBubblehouseReceiver", 200, {}],
  [cloudEvents, "createCloudEventsReceiver", 204, {}],
] as const;

/** A program that runs a receiver where Node's own globals are not there, and gives it two requests. */
const program = `
const { file, create, key, url, headers, body } = JSON.parse(process.argv[1]);
const { stdout } = process;
const contract = await import("@posthorn/receiver/" + file);
const payload = new TextEncoder().encode(body);
// Node's own crypto takes some of them when it is first used.
await crypto.subtle.digest("SHA-256", payload);
for (const name of ["Buffer", "process", "global", "setImmediate", "clearImmediate"]) delete globalThis[name];
const receiver = contract[create]({ secrets: [key], onEvent: () => "sent" });
const taken = await receiver.receive({ method: "POST", url, headers, payload });
const refused = await receiver.receive({ method: "POST", url, headers: {}, payload });
stdout.write(JSON.stringify([typeof Buffer, typeof process, taken.status, refused.status]));
`;

for (const [contract, create, status, settings] of cases) {
  const named = `${create}() of ${JSON.stringify(settings)}`;
  it(`${named} runs where there are no globals of Node, as in a Worker`, async () => {
    const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), settings) ?? "";
    const endpoint = sampleEndpoint({ url: "https://x.example/:name", secrets: [secret] });
    const event = sampleEvent({ data: '{"customer":{}}' });
    const request = rendered(contract.request(endpoint, [event], sampleAttempt({ at: Date.now() })));
    const { url } = request;
    const key = contract.publicKeyOf?.(secret) ?? secret;
    const lowerCase = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const headers = Object.fromEntries(lowerCase);
    const body = Buffer.from(request.payload).toString();
    const given = JSON.stringify({ file: contract.name, create, key, url, headers, body });
    const args = ["--input-type=module", "--eval", program, given];
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child, "close");
    assert.deepEqual(JSON.parse(said), ["undefined", "undefined", status, 401]);
  });
}
