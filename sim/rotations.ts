import type { Endpoint } from "../server/src/model/endpoint.ts";
import { isLive } from "../server/src/model/secret.ts";
import type { OutboundRequest } from "../server/src/outbound/sender.ts";
import { openedText } from "./world.ts";

/** One rotation of an endpoint's secrets, as the registry answered it. */
interface Rotation {
  /** The change that it was, and where in the log. */
  readonly change: number;
  readonly since: number;
  readonly newest: string;
  readonly secrets: ReadonlyMap<string, { readonly expiresAt: number | undefined }>;
}

/** What a request must be signed with, told from the rotations that people asked for. */
export interface Rotations {
  note(rotated: Endpoint): void;
  /** Says what is wrong with the secrets of a request; undefined if nothing is. */
  faultOf(request: SecretsInUse): string | undefined;
}

export interface SecretsInUse {
  readonly endpoint: number;
  /** Newest first. */
  readonly secrets: readonly string[];
  readonly now: number;
  /** The greatest offset in the request. */
  readonly offset: number;
  /** Whether a change was applied by the owner that sends this. */
  readonly isApplied: (change: number) => boolean;
}

export function createRotations(): Rotations {
  const all = new Map<number, Rotation[]>();

  return {
    note({ number, versions, secrets }) {
      const version = versions.at(-1);
      const [newest] = secrets;
      if (version === undefined || newest === undefined) {
        throw new Error(`endpoint ${number} was rotated`);
      }
      const { change, since } = version;
      const known = all.get(number) ?? [];
      const opened = secrets.map(({ sealed, expiresAt }) => [openedText(sealed), { expiresAt }] as const);
      known.push({ change, since, newest: openedText(newest.sealed), secrets: new Map(opened) });
      all.set(number, known);
    },
    faultOf({ endpoint, secrets, now, offset, isApplied }) {
      const rotations = all.get(endpoint) ?? [];
      const [first = ""] = secrets;
      const madeBy = (secret: string) => rotations.findIndex(({ newest }) => newest === secret);
      const expected = rotations.findLastIndex(({ change, since }) => since < offset || isApplied(change));
      if (madeBy(first) < expected) {
        return `its newest secret is of rotation ${madeBy(first)}, not ${expected}`;
      }
      const ended = secrets.find((secret) =>
        rotations.slice(madeBy(secret) + 1).some(({ change, secrets: known }) => {
          const left = known.get(secret);
          return isApplied(change) && (left === undefined || !isLive(left, now));
        }),
      );
      return ended === undefined ? undefined : `a secret of rotation ${madeBy(ended)} has ended`;
    },
  };
}

/** Reads the secrets that a request shows; undefined where its contract only signs with them. */
export function secretsShownIn({ headers }: OutboundRequest): readonly string[] | undefined {
  return (headers["x-secrets"] ?? headers["X-Bspk-Secret"])?.split(" ");
}
