/** Given the rest of the line; returns the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is called: one that asks a server needs none of what a server is made of. */
export const COMMANDS = {
  serve: async () => (await import("./serve.ts")).serve,
  start: async () => (await import("./start.ts")).start,
  demo: async () => (await import("./demo.ts")).demo,
  keys: async () => (await import("./keys.ts")).keys,
  migrate: async () => (await import("./migrate.ts")).migrate,
  config: async () => (await import("./config.ts")).config,
  doctor: async () => (await import("./doctor.ts")).doctor,
  move: async () => (await import("./move.ts")).move,
  backup: async () => (await import("./backup.ts")).backup,
  trigger: async () => (await import("./trigger.ts")).trigger,
  tenants: async () => (await import("./tenants.ts")).tenants,
  endpoints: async () => (await import("./endpoints.ts")).endpoints,
  events: async () => (await import("./events.ts")).events,
  deliveries: async () => (await import("./deliveries.ts")).deliveries,
  attempts: async () => (await import("./attempts.ts")).attempts,
  replay: async () => (await import("./replay.ts")).replay,
  recover: async () => (await import("./recover.ts")).recover,
  resume: async () => (await import("./resume.ts")).resume,
  tail: async () => (await import("./tail.ts")).tail,
  listen: async () => (await import("./listen.ts")).listen,
  sign: async () => (await import("./sign.ts")).sign,
  verify: async () => (await import("./verify.ts")).verify,
  bench: async () => (await import("./bench.ts")).bench,
  clock: async () => (await import("./clock.ts")).clock,
  completion: async () => (await import("./completion.ts")).completion,
} as const satisfies Readonly<Record<string, () => Promise<Command>>>;
