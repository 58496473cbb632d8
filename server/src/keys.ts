import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isSession, makeApiKey, makeApiKeyId } from "./api-key.ts";
import type { Config } from "./config.ts";
import type { Random } from "./random.ts";
import type { Registry } from "./registry.ts";
import { MASTER_KEY_BYTES } from "./seal.ts";

/** The two keys of an installation. */
export interface Keys {
  readonly masterKey: Uint8Array;
  /** In clear, where this process knows it. */
  readonly adminKey: string | undefined;
  /** SHA-256 of the configured admin key; undefined: the store has the admin keys. */
  readonly adminKeyHash: Uint8Array | undefined;
}

export interface KeyPorts {
  readonly config: Config;
  readonly isDevelopment: boolean;
  readonly registry: Registry;
  readonly random: Random;
}

/**
 * Finds the master key and an admin key. In development those that are not given are made once, and kept in a
 * file that only its owner can read. In production the master key must be given; an admin key is made
 * and shown once.
 */
export async function findKeys({ config, isDevelopment, registry, random }: KeyPorts): Promise<Keys> {
  const { masterKey, adminKey } = config;
  if (isDevelopment && (masterKey === undefined || adminKey === undefined)) {
    const made = developmentKeys(developmentKeysPath(config), random);
    const key = adminKey ?? made.adminKey;
    return { masterKey: masterKey ?? made.masterKey, adminKey: key, adminKeyHash: sha256(key) };
  }
  if (masterKey === undefined) {
    throw new Error(
      "POSTHORN_MASTER_KEY is not set: secrets of endpoints are sealed under it. " +
        "Make one with `openssl rand -base64 32`, keep it apart from the database, " +
        "and set it or POSTHORN_MASTER_KEY_FILE.",
    );
  }
  if (adminKey !== undefined) {
    return { masterKey, adminKey, adminKeyHash: sha256(adminKey) };
  }
  return { masterKey, adminKey: await makeFirstAdminKey(registry, random), adminKeyHash: undefined };
}

/** Makes an admin key if the store has none; returns it this once. */
async function makeFirstAdminKey(registry: Registry, random: Random): Promise<string | undefined> {
  if ((await registry.listKeys(undefined)).some((key) => !isSession(key))) {
    return undefined;
  }
  const key = makeApiKey(random);
  await registry.createKey({
    id: makeApiKeyId(random),
    tenant: undefined,
    name: "made at the first start",
    hash: sha256(key),
    scopes: undefined,
    ratePerSecond: undefined,
    createdAt: Date.now(),
    expiresAt: undefined,
    lastUsedAt: undefined,
  });
  return key;
}

/** Beside the database's file, or in the folder where the server was started. */
function developmentKeysPath({ database }: Config): string {
  return database.kind === "sqlite" ? `${database.path}-dev-keys` : "posthorn-dev-keys";
}

interface DevelopmentKeys {
  readonly masterKey: Uint8Array;
  readonly adminKey: string;
}

/** Reads the keys that development made; undefined: it made none. Throws if their file is not as it was. */
export function findDevelopmentKeys(config: Config): DevelopmentKeys | undefined {
  const path = developmentKeysPath(config);
  return existsSync(path) ? readDevelopmentKeys(path) : undefined;
}

function developmentKeys(path: string, random: Random): DevelopmentKeys {
  if (!existsSync(path)) {
    const made = {
      master_key: Buffer.from(random.bytes(MASTER_KEY_BYTES)).toString("base64"),
      admin_key: makeApiKey(random),
    };
    writeFileSync(path, `${JSON.stringify(made)}\n`, { mode: 0o600, flag: "wx" });
  }
  return readDevelopmentKeys(path);
}

function readDevelopmentKeys(path: string): DevelopmentKeys {
  const { master_key, admin_key } = membersIn(readFileSync(path, "utf8"));
  const masterKey = typeof master_key === "string" ? Buffer.from(master_key, "base64") : Buffer.alloc(0);
  if (masterKey.length !== MASTER_KEY_BYTES || typeof admin_key !== "string") {
    throw new Error(`${path} is not a file of development keys: move it away, or restore it`);
  }
  return { masterKey, adminKey: admin_key };
}

function membersIn(text: string): { readonly master_key?: unknown; readonly admin_key?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
