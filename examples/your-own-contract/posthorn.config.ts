import { createHmac } from "node:crypto";
import { defineContract } from "@posthorn/contracts";
import { joinBytes } from "@posthorn/contracts/bytes";
import { usualHold } from "@posthorn/contracts/hold-back-off";
import { liveSecrets } from "@posthorn/contracts/live-secrets";
import { onlyEvent } from "@posthorn/contracts/only-event";
import { settingProblems } from "@posthorn/contracts/settings";
import { isJsonObject, jsonOfBytes } from "@posthorn/contracts/web-bytes";

const acme = defineContract({
  name: "acme",
  discipline: "each",
  catalogue: { kind: "open", eventTypes: [] },
  defaults: {
    timeoutMs: 10_000,
    maxInFlight: 5,
    retry: { delaysMs: [5_000, 60_000, 3_600_000], jitter: 0.1 },
    hold: usualHold,
  },
  reservedHeaders: ["x-acme-signature"],

  request(endpoint, events, attempt) {
    const { id, type, data } = onlyEvent(events);
    const payload = joinBytes([`{"id":"${id}","what":${JSON.stringify(type)},"details":`, data, "}"]);
    const [secret] = liveSecrets(endpoint);
    const signed = createHmac("sha512", secret).update(`${attempt.at}\n`).update(payload);
    const signature = `at=${attempt.at}; by=${signed.digest("base64url")}`;
    const headers = { "content-type": "application/json", "x-acme-signature": signature };
    return { kind: "request", url: endpoint.url, headers, payload };
  },

  verdict(answer) {
    if (answer.kind !== "status") return { kind: "retry", reason: answer.code };
    const said = jsonOfBytes(answer.body);
    const { ok, retry_in: retryIn } = isJsonObject(said) ? said : {};
    if (ok === true) return { kind: "delivered" };
    if (retryIn === "never") return { kind: "rejected", reason: "receiver_said_never" };
    return typeof retryIn === "number"
      ? { kind: "retry", reason: "receiver_said_later", afterMs: retryIn * 1_000 }
      : { kind: "retry", reason: `status_${answer.status}` };
  },

  makeSecret: (randomBytes) => Buffer.from(randomBytes(32)).toString("base64url"),
  checkEndpoint: ({ settings }) => settingProblems(settings, []),
});

export const contracts = [acme];
