import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { endsOf, likeShown, PAGE_TEST, readPage } from "../e2e/page.ts";
import { pack } from "./packed.ts";

describe("docs/start.md", () => {
  it(
    "does what it says, typed word for word in an empty folder, with the packages alone",
    PAGE_TEST,
    async (t) => {
      const packed = await pack();
      const place = { folder: join(packed.folder, "empty"), atEnd: endsOf(t, () => packed.remove()) };
      mkdirSync(place.folder);
      const [port, receiverPort, listenerPort] = [await freePort(), await freePort(), await freePort()];
      const url = `http://127.0.0.1:${port}`;
      const reader = readPage(place, {
        path: "docs/start.md",
        env: { POSTHORN_PORT: String(port), POSTHORN_URL: url, POSTHORN_LOG_LEVEL: "error" },
        standIns: {
          "../posthorn/dist": join(packed.folder, "packed"),
          "http://127.0.0.1:8080": url,
          "3000": String(receiverPort),
          "3001": String(listenerPort),
        },
      });

      await reader.type(/^added \d+ packages/m);
      reader.learn("phk_…", (await reader.type(/^Admin key {2}(\S+)$/m))[1]);
      const [, secret] = await reader.type(/^(whsec_\S+)$/m);
      const [, endpoint] = await reader.see("terminal 2", /^(ep_\w+) was created/m);
      reader.learn("ep_…", endpoint);
      reader.learn("whsec_…", secret);
      await reader.type(/^listening$/m);
      await reader.type(/^watching$/m);
      const [, event = ""] = await reader.type(/^dlv_(\w{16})\w+ +delivered +1 +ep_/m);
      const received = `received invoice.paid evt_${event} {"id":42,"amount":"199.00"}\n`;
      await reader.see("terminal 2", new RegExp(received));
      const told = [
        `event +accepted +invoice.paid +evt_${event}`,
        "attempt +delivered +invoice.paid +attempt 1 +204 in .*",
        `delivery +delivered +invoice.paid +dlv_${event}`,
      ];
      await reader.see("terminal 3", new RegExp(`^${told.join("\n")}`, "m"));
      await reader.see("terminal 3", likeShown("docs/start.md", "event     accepted"));
      const [replayed] = await reader.type(/^1\n[\s\S]*finished: 1 delivered, 0 failed/m);
      assert.match(replayed, new RegExp(received), "the same event under the same id");

      reader.learn("whsec_…", (await reader.type(/verify with the secret (\S+)$/m))[1]);
      await reader.type(/^listening$/m);
      const [, ticket] = await reader.type(/^received ticket.opened (evt_\w+) \{"id":7\}$/m);
      await reader.see("terminal 4", new RegExp(`^204 +ticket.opened +${ticket} `, "m"));
      assert.equal(reader.left(), 0);
    },
  );
});
