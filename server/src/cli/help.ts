/** What every command says of itself: how it is called, what it does, what it takes. */
import { print } from "./remote/print.ts";

export interface Help {
  /** As it is called, after `posthorn`: a line a form. */
  readonly forms: readonly string[];
  readonly what: string;
  /** Words of which one may follow the command. */
  readonly verbs?: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

const JSON_OPTION = { "--json": "print JSON: an object, or one a line for lists and what goes on" };
const CONFIG = {
  ...JSON_OPTION,
  "--config <file>": "contracts of your own. Default: POSTHORN_CONFIG, else posthorn.config.ts",
};
const SERVER = {
  ...JSON_OPTION,
  "--url <url>": "where the server is. Default: POSTHORN_URL, else http://127.0.0.1:8080",
};
const BODY = { "-d, --data <json>": "all of it as the API takes it, or @ and a file of that" };
const REMOTE = { ...SERVER, "--tenant <id>": "whose it is. Default: POSTHORN_TENANT" };
const LISTED = { ...REMOTE, "--limit <n>": "how many are listed. Default: 50" };
const SIGNED = {
  "--contract <name>": "standard, bspk, spektr, bubblehouse or cloudevents. Default: standard",
  "--secret-file <file>": "where the endpoint's secret is. Default: POSTHORN_SECRET is the secret",
  ...JSON_OPTION,
};
const ENDPOINT_VERBS = [
  ...(["create", "list", "get", "update", "delete", "enable", "disable"] as const),
  ...(["pause", "resume", "skip", "test", "rotate-secret"] as const),
];
const TIME = "ISO 8601, or as long ago as 90m, 2h, 3d";

/** In the order in which they are shown. */
export const HELP = {
  serve: {
    forms: ["serve"],
    what: "run in production: POSTHORN_MASTER_KEY must be set",
    options: CONFIG,
  },
  start: {
    forms: ["start"],
    what: "run for development: keys are made, receivers on this machine are allowed",
    options: CONFIG,
  },
  demo: {
    forms: ["demo [--exit]"],
    what: "three companies on three contracts, with receivers that fail and recover",
    options: { "--exit": "end when everything has arrived", ...CONFIG },
  },
  migrate: {
    forms: ["migrate status|up"],
    what: "say which changes of the schema the database lacks, or make them, as every start does",
    verbs: ["status", "up"],
    options: CONFIG,
  },
  config: {
    forms: ["config"],
    what: "print every setting with its value and where that is from, secrets masked",
    options: CONFIG,
  },
  doctor: {
    forms: ["doctor"],
    what: "look at store, clock, disk, egress, guard, secrets and settings, and say what to do",
    options: CONFIG,
  },
  backup: {
    forms: ["backup <file>"],
    what: "copy the database, while a server serves it or none does",
    options: CONFIG,
  },
  move: {
    forms: ["move --from sqlite:path --to postgres://… [--dry-run]", "move --give-up --from sqlite:path"],
    what: "move everything into an empty database; run it again where it ended before",
    options: {
      "--from <url>": "the file, as sqlite:path",
      "--to <url>": "the empty database, as postgres://user:password@host/database",
      "--dry-run": "only count what would be moved",
      "--give-up": "let the file be served again, while the move has not ended",
      ...CONFIG,
    },
  },
  keys: {
    forms: ["keys create <name>", "keys list", "keys revoke <id>", "keys rotate-master"],
    what: "make an API key of a tenant, see which there are, end one, or seal secrets under a new master key",
    verbs: ["create", "list", "revoke", "rotate-master"],
    options: {
      "--scope <scope>": "create: what the key may do; may be given several times. Default: everything",
      "--role <role>": "create: viewer, support or admin, instead of scopes",
      "--rate <n>": "create: requests a second. Default: the installation's",
      "--expires-at <time>": "create: when it ends, in ISO 8601. Default: never",
      "--config <file>": "rotate-master: contracts of your own. It opens the database itself",
      ...LISTED,
    },
  },
  tenants: {
    forms: ["tenants create [id] [--name text]", "tenants list", "tenants get|update|delete <id>"],
    what: "make one, see whose endpoints and events there are, change or end one; needs an admin key",
    verbs: ["create", "list", "get", "update", "delete"],
    options: {
      "--name <text>": "create, update: for people. Default: the id",
      "--contract <name>": "create, update: of its endpoints that name none. Default: the installation's",
      ...BODY,
      "--limit <n>": "how many are listed. Default: 50",
      ...SERVER,
    },
  },
  trigger: {
    forms: ["trigger <type> [-d json|@file] [--wait]", "trigger <type> --dry-run [--contract name]"],
    what: "hand over an event; without data the example of its type",
    options: {
      "-d, --data <json>": "its data, or @ and a file of it",
      "--subject <text>": "what it is about",
      "--to <endpoint>": "the one endpoint that gets it",
      "--dry-run": "hand over nothing, and print the requests that it would become",
      "--contract <name>": "with --dry-run: in this contract alone",
      "--wait": "wait until its deliveries have ended; 1 if one was not taken",
      ...REMOTE,
    },
  },
  endpoints: {
    forms: [
      "endpoints create <url> [--types t,…] [--contract name] [-d json|@file]",
      "endpoints list",
      "endpoints get|delete|enable|disable|pause|resume <id>",
      "endpoints update|test|rotate-secret <id>",
      "endpoints skip <id>",
    ],
    what: "make, see, change and try endpoints, stop one, let it go on, or go on behind what holds it up",
    verbs: ENDPOINT_VERBS,
    options: {
      "--types <t,…>": "create, update: what it is sent, as names or globs. Default: all",
      "--contract <name>": "create: how it is sent that. Default: the tenant's",
      "--description <text>": "create, update: for people",
      ...BODY,
      "--secret-file <file>": "create, rotate-secret: where a secret is. Default: one is made",
      "--overlap <time>": "rotate-secret: how long the older ones live on, as 0, 30m, 7d. Default: a day",
      "--type <type>": "test: of the event. Default: one that the endpoint takes",
      "--wait": "test: wait until its delivery has ended; 1 if it was not taken",
      "--until <time>": `skip: everything accepted before; ${TIME}`,
      "--event <id>": "skip: this event's delivery alone",
      ...LISTED,
    },
  },
  events: {
    forms: ["events list", "events get <id>"],
    what: "see what was accepted",
    verbs: ["list", "get"],
    options: {
      "--type <type>": "of this type",
      "--subject <text>": "about this",
      "--key <key>": "accepted under this idempotency key",
      "--since <time>": "accepted since, in ISO 8601",
      "--until <time>": "accepted before, in ISO 8601",
      ...LISTED,
    },
  },
  deliveries: {
    forms: ["deliveries list", "deliveries get <id>"],
    what: "see what became of events",
    verbs: ["list", "get"],
    options: {
      "--state <state>": "pending, retrying, delivered, rejected, dead, cancelled or expired",
      "--endpoint <id>": "to this endpoint",
      "--type <type>": "of events of this type",
      ...LISTED,
    },
  },
  attempts: {
    forms: ["attempts list", "attempts get <id>"],
    what: "see the requests that were made",
    verbs: ["list", "get"],
    options: {
      "--endpoint <id>": "to this endpoint",
      "--event <id>": "for this event",
      "--verdict <verdict>": "delivered, rejected, retry, hold or disable",
      ...LISTED,
    },
  },
  replay: {
    forms: ["replay <endpoint> --since 2h --only dead|missed|undelivered|all [--dry-run] [--rate n]"],
    what: "deliver a range again, and show how far it is",
    options: {
      "--since <time>": `accepted since; ${TIME}`,
      "--until <time>": `accepted before; ${TIME}. Default: now`,
      "--only <which>": "dead, missed, undelivered or all",
      "--types <t,…>": "of these types",
      "--rate <n>": "deliveries a second, at most",
      "--to <endpoint>": "deliver them to this endpoint instead",
      "--dry-run": "only count them",
      ...REMOTE,
    },
  },
  recover: {
    forms: ["recover <endpoint> [--since 2h]"],
    what: "deliver what an endpoint missed while it was disabled, and show how far it is",
    options: { "--since <time>": `and all that was not delivered since; ${TIME}`, ...REMOTE },
  },
  resume: {
    forms: ["resume [--dry-run]"],
    what: "let a server send that waits since its database was restored; needs an admin key",
    options: { "--dry-run": "only say what waits", ...REMOTE },
  },
  tail: {
    forms: ["tail"],
    what: "watch what happens, as it happens",
    options: {
      "--state <s,…>": "deliveries that come to these states",
      "--types <t,…>": "of these types",
      "--kinds <k,…>": "event, attempt, delivery, gap, lane",
      "--endpoint <id>": "of this endpoint",
      ...REMOTE,
    },
  },
  listen: {
    forms: ["listen --forward-to URL"],
    what: "make of events the requests an endpoint would get, and make them from here",
    options: {
      "--forward-to <url>": "where they go",
      "--types <t,…>": "of these types",
      "--contract <name>": "by this contract. Default: the tenant's",
      ...REMOTE,
    },
  },
  sign: {
    forms: ["sign < body"],
    what: "print the headers with which a receiver takes a body now",
    options: { "--id <id>": "of the event. Default: a new one", ...SIGNED },
  },
  verify: {
    forms: ["verify < request"],
    what: "say of headers, an empty line and a body whether a receiver takes them, and what is wrong",
    options: SIGNED,
  },
  bench: {
    forms: ["bench"],
    what: "measure a server on this machine beside the bare HTTP client; needs an admin key",
    options: {
      "--events <n>": "of each way in each round, in hundreds. Default: 20000",
      "--rounds <n>": "of which medians are taken. Default: 3",
      "--seconds <n>": "of the steady load. Default: 5",
      "--rate <n>": "events a second of that. Default: half of what it takes one by one",
      ...SERVER,
    },
  },
  clock: {
    forms: ["clock", "clock advance 4h"],
    what: "ask a server in development for its time, or move that ahead: retries come at once",
    verbs: ["advance"],
    options: REMOTE,
  },
  completion: {
    forms: ["completion bash|zsh|fish"],
    what: "print what makes the shell complete these commands",
    verbs: ["bash", "zsh", "fish"],
    options: {},
  },
} as const satisfies Readonly<Record<string, Help>>;

const ENVIRONMENT = `\
From "keys create" to "clock" they ask a server, but for sign and verify: --url or POSTHORN_URL, --tenant or
POSTHORN_TENANT, and the key in POSTHORN_KEY. They end with 1 for a failure, 2 for a wrong command line, 3 for
not found, 4 for a key that does not allow it. All but completion take --json.

posthorn <command> --help says what a command takes.
What is not an option is read from POSTHORN_… variables: see posthorn config.`;

const INDENT = " ".repeat(25);

/** Prints all commands, or one of them with its options. */
export function printHelp(version: string, command?: keyof typeof HELP): void {
  if (command !== undefined) {
    print(helpOf(HELP[command]));
    return;
  }
  const commands = Object.values(HELP).map(({ forms, what }) => {
    const lines = forms.map((form) => `  posthorn ${form}`);
    const [last = ""] = lines.slice(-1);
    return last.length < INDENT.length - 1
      ? [...lines.slice(0, -1), `${last.padEnd(INDENT.length)}${what}`].join("\n")
      : [...lines, `${INDENT}${what}`].join("\n");
  });
  print([`posthorn ${version}, a server that sends webhooks`, commands.join("\n"), ENVIRONMENT].join("\n\n"));
}

function helpOf({ forms, what, options }: Help): string {
  const width = Math.max(0, ...Object.keys(options).map((option) => option.length)) + 2;
  const lines = Object.entries(options).map(([option, says]) => `  ${option.padEnd(width)}${says}`);
  const called = forms.map((form) => `posthorn ${form}`);
  return [...called, "", `  ${what}`, ...(lines.length > 0 ? ["", ...lines] : [])].join("\n");
}
