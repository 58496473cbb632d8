import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setUpApp } from "./app-setup.test.ts";
import { createBodyRoom } from "./body-room.ts";
import { assertRawProblem, headOf, listen } from "./raw-client.test.ts";

const setup = () => createBodyRoom({ bytesMax: 100, tenantBytesMax: 60, smallBytesMax: 10 });

describe("createBodyRoom()", () => {
  test("a tenant has a part of the room, and what is left is for others", () => {
    const room = setup();
    assert.equal(room.take({ tenant: 1, bytes: 60 }), true);
    assert.equal(room.take({ tenant: 1, bytes: 11 }), false);
    assert.equal(room.take({ tenant: 2, bytes: 40 }), true);
    assert.equal(room.take({ tenant: undefined, bytes: 11 }), false);
    room.giveBack({ tenant: 2, bytes: 40 });
    assert.equal(room.take({ tenant: undefined, bytes: 40 }), true);
  });

  test("what is given back can be taken again, by whoever", () => {
    const room = setup();
    for (let count = 0; count < 50; count += 1) {
      assert.equal(room.take({ tenant: 1, bytes: 30 }), true);
      assert.equal(room.take({ tenant: 1, bytes: 30 }), true);
      assert.equal(room.take({ tenant: 1, bytes: 30 }), false);
      room.giveBack({ tenant: 1, bytes: 30 });
      room.giveBack({ tenant: 1, bytes: 30 });
    }
    assert.equal(room.take({ tenant: 2, bytes: 60 }), true);
  });

  test("small bodies take none", () => {
    const room = setup();
    assert.equal(room.take({ tenant: 1, bytes: 60 }), true);
    assert.equal(room.take({ tenant: 2, bytes: 40 }), true);
    for (let count = 0; count < 50; count += 1) {
      assert.equal(room.take({ tenant: 1, bytes: 10 }), true);
    }
    room.giveBack({ tenant: 1, bytes: 10 });
    assert.equal(room.take({ tenant: 1, bytes: 11 }), false);
  });
});

describe("large bodies that are on their way", () => {
  const LARGE = ["content-length: 10000000"];
  // Of 64 MiB for a tenant.
  const FITTING = 6;

  test("are refused before they are read where their tenant has no room left, and no others", async (t) => {
    const { app, store } = await setUpApp();
    const open = await listen(app, t);
    const upload = (tenant: string) => {
      const client = open();
      client.write(headOf("POST", `/v1/tenants/${tenant}/events`, LARGE));
      client.write('{"type":"a","data":"');
      return client;
    };
    const uploads = Array.from({ length: FITTING }, () => upload("acme"));
    const refused = upload("acme");
    const text = await refused.until(/\}$/);
    assertRawProblem(text, 503, "overloaded");
    assert.match(text, /retry-after: 1\r/i);
    refused.socket.destroy();

    const small = open();
    small.write(`${headOf("POST", "/v1/tenants/acme/events", ["content-length: 21"])}{"type":"a","data":1}`);
    assert.match(await small.until(/\}$/), /^HTTP\/1\.1 202 /);
    const others = upload("globex");
    others.write(`${"x".repeat(9_999_978)}"}`);
    // Of the allowed size, and wrong only in that its event has more than a megabyte.
    assert.match(await others.until(/\}$/), /^HTTP\/1\.1 413 /);

    for (const { socket } of uploads) {
      socket.destroy();
    }
    let again = "";
    while (!again.includes(" 413 ")) {
      const client = upload("acme");
      client.write(`${"x".repeat(9_999_978)}"}`);
      again = await client.until(/\}$/);
      assert.match(again, /^HTTP\/1\.1 (413|503) /);
      client.socket.destroy();
    }
    assert.equal(
      (await store.readLog({ lease: 0, after: 0, to: 9e15, limit: 9, bytesMax: 9 })).events.length,
      1,
    );
  });
});
