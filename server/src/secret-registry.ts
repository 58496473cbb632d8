/**
 * The part of the port for configuration that knows sealed secrets, whoever's they are: by it all of them are
 * sealed anew under another master key.
 */
export interface SecretRegistry {
  /**
   * Reads secrets after a place in the order (endpoint, number), at most `limit`; those of deleted endpoints
   * too.
   */
  readSealed(after: SecretPlace | undefined, limit: number): Promise<readonly PlacedSecret[]>;
  /**
   * Puts envelopes in the place of others, all or none; no endpoint changes by it. A secret that is not as it
   * was `seen` stays as it is. Returns how many were replaced.
   */
  replaceSealed(replacements: readonly SealReplacement[]): Promise<number>;
}

/** An endpoint, and the number of one of its secrets. */
export interface SecretPlace {
  readonly endpoint: number;
  readonly number: number;
}

export interface PlacedSecret extends SecretPlace {
  readonly tenant: number;
  readonly sealed: Uint8Array;
}

export interface SealReplacement extends SecretPlace {
  readonly seen: Uint8Array;
  readonly sealed: Uint8Array;
}
