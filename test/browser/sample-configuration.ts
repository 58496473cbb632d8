import type { Client } from "../../client/client.ts";
import type { CreateEndpointBody } from "../../client/operations.ts";

/** Endpoints of the sample, by what they are for. */
export interface SampleEndpoints {
  readonly billing: string;
  /** Whose receiver fails. */
  readonly crm: string;
  /** Which gives up at once. */
  readonly legacy: string;
  /** Which somebody pauses. */
  readonly statistics: string;
  /** Of a shop, which holds. */
  readonly shop: string;
}

/** Keys of the first tenant: of the program that sends, and of the people who mend. */
export interface SampleKeys {
  readonly sender: string;
  readonly support: string;
}

/** Makes four tenants, one with types of its own and one on each vendor's contract, with their endpoints. */
export async function configureSample(client: Client): Promise<SampleEndpoints & SampleKeys> {
  for (const [id, name, contract] of [
    ["acme", "Acme", "standard"],
    ["atelier-nord", "Atelier Nord", "bspk"],
    ["northbank", "Northbank", "spektr"],
    ["corner-coffee", "Corner Coffee", "bubblehouse"],
  ] as const) {
    await client.createTenant({ id, name, contract });
  }
  await registerTypes(client);
  const make = async (tenant: string, body: CreateEndpointBody) =>
    (await client.createEndpoint(tenant, body)).id;
  const billing = await make("acme", {
    url: "https://api.ledgerline.example/webhooks",
    description: "Invoices to the books",
    event_types: ["invoice.*"],
    metadata: { team: "finance", region: "eu" },
  });
  await make("acme", {
    url: "https://hooks.parcelworks.example/orders",
    description: "Orders to the warehouse",
    event_types: ["order.*"],
    rate_per_second: 50,
  });
  const legacy = await make("acme", {
    url: "https://legacy.brightside.example/hook",
    description: "The old CRM",
    event_types: ["customer.*", "invoice.*"],
    retry: { delays_ms: [] },
  });
  const statistics = await make("acme", {
    url: "https://collect.fieldnote.example/in",
    description: "Statistics",
    latest_only_by: "subject",
  });
  const crm = await make("acme", {
    url: "https://crm.brightside.example/events",
    description: "The new CRM",
    event_types: ["customer.*", "order.created"],
    headers: { "x-workspace": "brightside" },
  });
  await make("atelier-nord", { url: "https://clients.ateliernord.example/bspk", description: "Client book" });
  await make("northbank", {
    url: "https://cases.northbank.example/spektr",
    description: "Case system",
    settings: { hmac: true, batch_events_max: 20 },
  });
  const shop = await make("corner-coffee", {
    url: "https://shop.cornercoffee.example/bubblehouse/:name",
    description: "Loyalty",
    settings: { handshake: false },
  });
  const { key: sender } = await client.createKey("acme", { name: "shop server", scopes: ["events:write"] });
  const { key: support } = await client.createKey("acme", { name: "support desk", role: "support" });
  return { billing, crm, legacy, statistics, shop, sender, support };
}

/** What an administrator does at the end of it, so that the audit log has something to say. */
export async function tidySample(client: Client, { billing }: SampleEndpoints): Promise<void> {
  const past = await client.createKey("acme", { name: "import of last year", role: "admin" });
  await client.createKey("acme", { name: "status page", role: "viewer", rate_per_second: 5 });
  await client.rotateSecret("acme", billing, {});
  await client.updateEndpoint("acme", billing, { timeout_ms: 10_000 });
  await client.registerEventType("acme", {
    name: "refund.created",
    description: "Money went back to a customer.",
    example: { refund: "R-77", invoice: "I-4100" },
  });
  await client.revokeKey("acme", past.id);
}

async function registerTypes(client: Client): Promise<void> {
  const money = {
    type: "object",
    required: ["currency", "amount"],
    properties: { currency: { enum: ["EUR", "USD"] }, amount: { type: "string" } },
  };
  await client.registerEventType("acme", {
    name: "customer.updated",
    description: "What is known of a customer was changed.",
  });
  await client.registerEventType("acme", {
    name: "invoice.paid",
    description: "An invoice was paid in full.",
    schema: {
      type: "object",
      required: ["invoice", "order", "total"],
      properties: {
        invoice: { type: "string", description: "Its number." },
        order: { type: "string", description: "The order that it is of." },
        total: money,
      },
    },
    example: { invoice: "I-4100", order: "O-4100", total: { currency: "EUR", amount: "129.90" } },
  });
  await client.registerEventType("acme", {
    name: "order.created",
    description: "A customer ordered.",
    schema: {
      type: "object",
      required: ["order", "total", "lines"],
      properties: {
        order: { type: "string" },
        total: money,
        lines: { type: "array", items: { type: "object" } },
      },
    },
    example: {
      order: "O-4100",
      total: { currency: "EUR", amount: "129.90" },
      lines: [{ sku: "A-117", count: 2 }],
    },
  });
}
