/** What a customer's program does, the same on every runtime; each step says what came of it. */
import { createClient } from "@posthorn/client/client";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { fetchHandler } from "@posthorn/receiver/fetch";
import { createStandardReceiver } from "@posthorn/receiver/standard";

export async function program({ url, key, tenant, secret, request }) {
  const posthorn = createClient({ url, key });
  return {
    send: await sendTwice(posthorn, tenant),
    list: await list(posthorn, tenant),
    error: await codeOf(posthorn, tenant),
    watch: await watch(posthorn, tenant),
    receive: await receive(secret, request),
  };
}

async function sendTwice(posthorn, tenant) {
  const event = { type: "invoice.paid", data: { amount: "199.00" } };
  const first = await posthorn.sendEvent(tenant, event, { idempotencyKey: "invoice 1" });
  const second = await posthorn.sendEvent(tenant, event, { idempotencyKey: "invoice 1" });
  await posthorn.sendEvent(tenant, event);
  await posthorn.sendEvent(tenant, event);
  return first.id === second.id ? "once" : "twice";
}

async function list(posthorn, tenant) {
  const types = [];
  for await (const { type } of posthorn.listEvents(tenant, { limit: 1 })) {
    types.push(type);
  }
  return types.join(" ");
}

async function codeOf(posthorn, tenant) {
  try {
    await posthorn.createEndpoint(tenant, { url: "no address" });
    return "none";
  } catch (error) {
    return error instanceof PosthornError ? `${error.code} ${error.errors[0]?.pointer}` : String(error);
  }
}

async function watch(posthorn, tenant) {
  for await (const message of posthorn.watch(tenant, { kinds: "event" })) {
    if (message.kind === "started") {
      await posthorn.sendEvent(tenant, { type: "invoice.sent", data: {} });
    } else {
      return message.event.type;
    }
  }
  return "ended";
}

async function receive(secret, { url, headers, body }) {
  const taken = [];
  const receiver = createStandardReceiver({
    secrets: [secret],
    onEvent: (event) => void taken.push(event.type),
  });
  const answer = fetchHandler(receiver);
  const right = await answer(new Request(url, { method: "POST", headers, body }));
  const forged = await answer(new Request(url, { method: "POST", headers, body: `${body} ` }));
  return `${right.status} ${forged.status} ${taken.join(" ")}`;
}
