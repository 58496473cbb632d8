import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { standard } from "@posthorn/contracts/standard/send";
import { checkedContract } from "../../checked-contract.ts";
import { assertProblem, makeEndpoint, setUpApp } from "../app-setup.test.ts";

const PATH = "/v1/tenants/acme/renderings";

interface Shown {
  readonly contract: string;
  readonly endpoint_id: string | null;
  readonly reason: string | null;
  readonly request: {
    readonly url: string;
    readonly headers: readonly { readonly name: string; readonly value: string | null }[];
    readonly payload: string;
  } | null;
}

const payloadOf = ({ request }: Shown) => Buffer.from(request?.payload ?? "", "base64").toString();

async function setUp() {
  const setup = await setUpApp();
  const render = async (body: unknown) => {
    const answer = await setup.call("POST", PATH, { body: body as object });
    assert.equal(answer.status, 200, answer.text);
    const renderings: readonly Shown[] = answer.body.renderings;
    return { ...answer, renderings };
  };
  return { ...setup, render };
}

describe("POST …/renderings", () => {
  test("shows a type of any catalogue as every contract says it, and stores nothing", async () => {
    const { render, store } = await setUp();
    const { renderings } = await render({ type: "Points Updated" });
    assert.ok(renderings.length >= 5);
    const reasons = Object.fromEntries(renderings.map(({ contract, reason }) => [contract, reason]));
    assert.deepEqual([reasons["standard"], reasons["bubblehouse"]], [null, null]);
    assert.ok(renderings.every(({ reason, request }) => (reason === null) === (request !== null)));
    const [example] = bubblehouse.catalogue.eventTypes.filter(({ name }) => name === "Points Updated");
    const said = renderings.find(({ contract }) => contract === standard.name);
    assert.ok(said);
    const payload = JSON.parse(payloadOf(said));
    assert.deepEqual([payload.type, payload.data], ["Points Updated", example?.example?.data]);
    const { events } = await store.listEvents({ tenant: 1, limit: 1, scanMax: 10 });
    assert.deepEqual(events, []);
  });

  test("shows what is given byte for byte, else the tenant's own example", async () => {
    const { render, call } = await setUp();
    const body = '{"contract":"standard","type":"a","data":{"n":12345678901234567890,"x":1.0},"subject":"s"}';
    const [given] = (await render(body)).renderings;
    assert.ok(given);
    assert.match(payloadOf(given), /"data":\{"n":12345678901234567890,"x":1\.0\}/);
    await call("POST", "/v1/tenants/acme/event-types", { body: { name: "mine", example: { mine: 7 } } });
    const own = (await render({ type: "mine", contract: "standard" })).renderings;
    assert.deepEqual(JSON.parse(payloadOf(own[0] ?? given)).data, { mine: 7 });
    assert.equal(own.length, 1);
  });

  test("says why a contract cannot say it", async () => {
    const { render } = await setUp();
    const [bspk] = (await render({ type: "nothing.known", contract: "bspk" })).renderings;
    assert.deepEqual([bspk?.reason, bspk?.request], ["not_in_catalogue", null]);
  });

  test("shows it as an endpoint would get it, without its secret or what its receiver is given", async () => {
    const setup = await setUp();
    const { id, secret } = await makeEndpoint(setup, "acme", {
      url: "https://user:canary-word@example.com/hooks?code=canary-code",
      headers: { authorization: "Bearer canary-key" },
    });
    const { renderings, text } = await setup.render({ type: "invoice.paid", endpoint: id });
    const [as] = renderings;
    assert.deepEqual([as?.endpoint_id, as?.contract, as?.reason], [id, "standard", null]);
    assert.equal(as?.request?.url, "https://not-shown@example.com/hooks?code=not-shown");
    const valueOf = (name: string) => as?.request?.headers.find((header) => header.name === name)?.value;
    assert.deepEqual([valueOf("authorization"), valueOf("webhook-signature")], [null, null]);
    assert.match(valueOf("webhook-id") ?? "", /^evt_/);
    assert.doesNotMatch(text, /canary/);
    assert.equal(text.includes(secret), false);
  });

  test("leaves a contract of one's own that fails to itself, and uses no endpoint's secret", async () => {
    const failing = checkedContract({
      ...standard,
      name: "failing",
      request() {
        throw new Error("canary");
      },
    });
    const telling = checkedContract({
      ...standard,
      name: "telling",
      request: ({ url, secrets }) => ({
        kind: "request",
        url,
        headers: {},
        payload: Buffer.from(`"${secrets[0]}"`),
      }),
    });
    const contracts = new Map([standard, failing, telling].map((one) => [one.name, one]));
    const setup = await setUpApp({ contracts });
    const render = async (body: object) => (await setup.call("POST", PATH, { body })).body.renderings;
    const all: readonly Shown[] = await render({ type: "a" });
    assert.deepEqual(
      all.map(({ contract, reason }) => [contract, reason]),
      [
        ["standard", null],
        ["failing", "contract_failed"],
        ["telling", null],
      ],
    );
    const { id, secret } = await makeEndpoint(setup, "acme", { contract: "telling" });
    const [as]: readonly Shown[] = await render({ type: "a", endpoint: id });
    assert.ok(as);
    assert.match(payloadOf(as), /^"whsec_/);
    assert.notEqual(payloadOf(as), `"${secret}"`);
  });

  test("renders as no endpoint of another tenant, and names every member that is wrong", async () => {
    const setup = await setUp();
    const { id } = await makeEndpoint(setup, "globex");
    const other = await setup.call("POST", PATH, { body: { type: "a", endpoint: id } });
    assertProblem(other, "invalid_request");
    assert.equal(other.body.errors[0].pointer, "/endpoint");
    const wrong = await setup.call("POST", PATH, {
      body: { type: "", contract: "bspk", endpoint: "x", url: "https://example.com" },
    });
    assertProblem(wrong, "invalid_request");
    const pointers = wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted();
    assert.deepEqual(pointers, ["/contract", "/type", "/url"]);
    assertProblem(await setup.call("POST", PATH, { body: { type: "a", contract: "no" } }), "invalid_request");
    assertProblem(await setup.call("POST", PATH, { body: [] }), "invalid_request");
    assertProblem(await setup.call("POST", PATH, {}), "invalid_json");
  });
});
