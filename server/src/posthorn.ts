/** Posthorn in an application's own process: what `import … from "posthorn"` gives. */
import type { Contract } from "@posthorn/contracts/contract";
import type { Publish } from "./api/publish.ts";
import { configOf } from "./cli/config-given.ts";
import { startServer } from "./main.ts";

export type { Publish, Published, PublishedEvent } from "./api/publish.ts";
export type { Transaction } from "./transaction.ts";

export interface PosthornOptions {
  /** Its settings, by the names of its variables. Default: the process's environment. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** Contracts beside those that it has, of other names. Default: none. */
  readonly contracts?: readonly Contract[];
  /** Makes keys where none are given, and lets receivers on this machine be called. Default: false. */
  readonly isDevelopment?: boolean;
}

export interface Posthorn {
  /** Where its API listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The admin key, where it was given or has just been made. */
  readonly adminKey: string | undefined;
  /** Stores an event in a transaction of the application's own. */
  readonly publish: Publish;
  /** Takes nothing new, lets what is in flight end for 20 seconds at most, and stores what came of it. */
  close(): Promise<void>;
}

/**
 * Starts the server that `posthorn serve` starts, in this process: it delivers, and listens. Rejects with an
 * Error that says everything that is wrong with its settings, or what is in the way.
 */
export async function createPosthorn(options: PosthornOptions = {}): Promise<Posthorn> {
  const { settings = process.env, contracts = [], isDevelopment = false } = options;
  const config = configOf({ ...settings }, contracts);
  const { url, adminKey, publish, stop } = await startServer({ config, contracts, isDevelopment });
  return { url, adminKey, publish, close: stop };
}
