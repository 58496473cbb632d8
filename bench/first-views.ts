import { request } from "undici";
import type { Address } from "./posthorn.ts";

/** What there is to look at: ids, as the API has them. */
export interface Shown {
  readonly tenant: string;
  readonly event: string;
  readonly attempt: string;
  readonly endpoint: string;
}

/** A list of which the dashboard reads so many pages, one after the other, or one answer. */
export interface Call {
  readonly path: string;
  /** Default: 1. */
  readonly pagesMax?: number;
  /** Posted. Default: nothing is, and the path is read. */
  readonly body?: object;
}

/** For names and choices: as `use-endpoints.ts` of the dashboard reads them. */
const namesOf = (tenant: string): Call => ({
  path: `${tenant}/endpoints?limit=100`,
  pagesMax: 11,
});

const typesOf = (tenant: string): Call => ({ path: `${tenant}/event-types?limit=100`, pagesMax: 21 });

/** One event as a contract says it: as `renderings.tsx` of the dashboard asks for it. */
const rendering = (event: string, contract: string): Call => ({
  path: `${event}/render`,
  body: { contract, url: "https://receiver.example/webhooks/:name" },
});

const CONTRACTS = ["standard", "bspk", "spektr", "bubblehouse", "cloudevents", "cloudevents-batch"];

/**
 * What each screen of the dashboard asks the server for when it is opened, beside the session. A browser test
 * holds it to what the screens do.
 */
export const FIRST_VIEWS: Readonly<Record<string, (shown: Shown) => readonly Call[]>> = {
  tenants: () => [{ path: "/v1/tenants" }],
  endpoints: ({ tenant }) => [{ path: `${pathOf(tenant)}/endpoints?limit=25&include=lane` }],
  "endpoints/new": () => [{ path: "/v1/contracts" }],
  endpoint: ({ tenant, endpoint }) => [
    { path: `${pathOf(tenant)}/endpoints/${endpoint}` },
    { path: `${pathOf(tenant)}/deliveries?endpoint=${endpoint}&limit=10` },
  ],
  events: ({ tenant }) => [{ path: `${pathOf(tenant)}/events?limit=100` }],
  event: ({ tenant, event }) => [
    { path: `${pathOf(tenant)}/events/${event}` },
    { path: `${pathOf(tenant)}/events/${event}/deliveries?limit=100` },
    { path: `${pathOf(tenant)}/attempts?event=${event}&limit=100` },
    namesOf(pathOf(tenant)),
  ],
  attempt: ({ tenant, attempt, event, endpoint }) => [
    { path: `${pathOf(tenant)}/attempts/${attempt}` },
    { path: `${pathOf(tenant)}/attempts?event=${event}&endpoint=${endpoint}&limit=100` },
    { path: `${pathOf(tenant)}/attempts/${attempt}/request` },
    namesOf(pathOf(tenant)),
  ],
  deliveries: ({ tenant }) => [{ path: `${pathOf(tenant)}/deliveries?limit=50` }, namesOf(pathOf(tenant))],
  "deliveries?state=retrying": ({ tenant }) => [
    { path: `${pathOf(tenant)}/deliveries?state=retrying&limit=50` },
    namesOf(pathOf(tenant)),
  ],
  "dead-letters": ({ tenant }) => [
    { path: `${pathOf(tenant)}/deliveries?state=dead&limit=50` },
    namesOf(pathOf(tenant)),
  ],
  replays: ({ tenant }) => [{ path: `${pathOf(tenant)}/replays?limit=25` }],
  playground: ({ tenant }) => [
    typesOf(pathOf(tenant)),
    { path: "/v1/event-types" },
    { path: `${pathOf(tenant)}/test-receiver` },
    { path: "/v1/contracts" },
    namesOf(pathOf(tenant)),
  ],
  "event-types": ({ tenant }) => [typesOf(pathOf(tenant)), { path: "/v1/contracts" }],
  contracts: ({ tenant, event }) => [
    { path: "/v1/contracts" },
    { path: `${pathOf(tenant)}/events?limit=50` },
    ...CONTRACTS.map((contract) => rendering(`${pathOf(tenant)}/events/${event}`, contract)),
  ],
  keys: ({ tenant }) => [{ path: `${pathOf(tenant)}/keys` }],
  audit: ({ tenant }) => [{ path: `${pathOf(tenant)}/audit?limit=50` }],
  "all changes": () => [{ path: "/v1/audit?limit=50" }],
  system: () => [{ path: "/v1/system" }, { path: "/v1/nodes" }],
};

function pathOf(tenant: string): string {
  return `/v1/tenants/${tenant}`;
}

/** Finds what there is to look at: the newest event of a tenant, its attempt, and where that went. */
export async function findShown(address: Address, tenant: string): Promise<Shown> {
  const { data } = await ask(address, `${pathOf(tenant)}/attempts?limit=1`);
  const attempt = data?.[0];
  if (attempt?.event_id === undefined || attempt.endpoint_id === undefined) {
    throw new Error(`${tenant} has an attempt`);
  }
  return { tenant, event: attempt.event_id, attempt: attempt.id, endpoint: attempt.endpoint_id };
}

/** Finds the newest endpoint of a tenant that is held, or disabled: behind one that is held much waits. */
export async function findTroubled(address: Address, tenant: string, kind: Trouble): Promise<string> {
  const path = `${pathOf(tenant)}/endpoints?only=troubled&include=lane&limit=100`;
  const { data } = await ask(address, path);
  const isMeant = { held: (each: Listed) => each.lane?.held_since !== null, disabled: isDisabled };
  const found = data?.find(isMeant[kind]);
  if (found === undefined) {
    throw new Error(`${tenant} has an endpoint that is ${kind}`);
  }
  return found.id;
}

export type Trouble = "held" | "disabled";

function isDisabled({ state }: Listed): boolean {
  return state === "disabled";
}

/** Asks for what a screen shows, one call after the other, and returns what came. */
export async function look(address: Address, calls: readonly Call[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const { path, body, pagesMax = 1 } of calls) {
    let next = path;
    for (let page = 0; page < pagesMax; page += 1) {
      const answer = await ask(address, next, body);
      answers.push(answer);
      if (answer.next_cursor === undefined || answer.next_cursor === null) {
        break;
      }
      next = `${path}&cursor=${encodeURIComponent(answer.next_cursor)}`;
    }
  }
  return answers;
}

interface Listed {
  readonly id: string;
  readonly event_id?: string;
  readonly endpoint_id?: string;
  readonly state?: string;
  readonly lane?: { readonly held_since: string | null };
}

/** Of a list, or of one thing, as far as anybody here reads it. */
export interface Answer {
  readonly data?: readonly Listed[];
  readonly next_cursor?: string | null;
}

async function ask({ origin, authorization }: Address, path: string, given?: object): Promise<Answer> {
  const { statusCode, body } = await request(
    `${origin}${path}`,
    given === undefined
      ? { headers: { authorization } }
      : {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify(given),
        },
  );
  const text = await body.text();
  if (statusCode !== 200) {
    throw new Error(`${path} answers ${statusCode}: ${text}`);
  }
  const answer: Answer = JSON.parse(text);
  return answer;
}
