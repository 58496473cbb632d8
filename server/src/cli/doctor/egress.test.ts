import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { listeningPort } from "../../listening-port.ts";
import { egressFindings, guardFindings } from "./egress.ts";

describe("guardFindings()", () => {
  const statuses = (egressAllow: readonly string[] | undefined) =>
    guardFindings({ egressAllow }).map(({ status }) => status);

  test("warns of what opens more than private addresses", () => {
    assert.deepEqual(statuses(undefined), ["ok"]);
    assert.deepEqual(statuses(["10.0.0.0/8", "93.184.216.0/24"]), ["ok", "ok"]);
    assert.deepEqual(statuses(["127.0.0.0/8", "169.254.169.254/32", "0.0.0.0/0"]), [
      "warning",
      "warning",
      "warning",
    ]);
  });

  test("names the network and what it holds", () => {
    const [finding] = guardFindings({ egressAllow: ["169.254.169.254/32"] });
    assert.equal(finding?.says, "169.254.169.254/32 may be called: a cloud metadata address");
  });
});

describe("egressFindings()", () => {
  async function setup(t: TestContext) {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const close = () => new Promise((resolve) => server.close(resolve));
    t.after(() => server.listening && close());
    const proxy = { hostname: "127.0.0.1", port: listeningPort(server), authorization: "Basic c2VjcmV0" };
    return { egressProxy: proxy, close };
  }

  test("connects to the proxy, and says where it cannot", async (t) => {
    const { egressProxy, close } = await setup(t);
    const [there] = await egressFindings({ egressProxy });
    await close();
    const [gone] = await egressFindings({ egressProxy });

    assert.equal(there?.status, "ok");
    assert.equal(gone?.status, "problem");
    assert.match(gone?.says ?? "", /^the proxy 127\.0\.0\.1 at port \d+ takes no connection: ECONNREFUSED$/);
    assert.doesNotMatch(JSON.stringify([there, gone]), /c2VjcmV0/);
  });

  test("is content without a proxy", async () => {
    assert.deepEqual(
      (await egressFindings({ egressProxy: undefined })).map(({ status }) => status),
      ["ok"],
    );
  });
});
