import { Type } from "typebox";
import { DAY_MS } from "../model/duration.ts";
import {
  AGED_KINDS,
  type AgedKind,
  RETENTION_DAYS_MAX,
  type Retention,
  type RetentionChange,
} from "../model/retention.ts";
import type { WrongMember } from "../problem.ts";
import type { ApiPorts } from "./ports.ts";

const daysOf = (description: string) =>
  Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: RETENTION_DAYS_MAX }), Type.Null()], { description }),
  );

/** How a caller says it. An absent member stays as it is, null is the installation's. */
export const RetentionBody = Type.Object(
  {
    payload_days: daysOf("What events say. Null: the installation's."),
    attempts_days: daysOf("What receivers answered. Null: the installation's."),
    dead_letters_days: daysOf("What was given up. Null: the installation's."),
  },
  {
    additionalProperties: false,
    description: "For how many days what is final is kept, by kind. Default: as the installation says.",
  },
);

type Said = Readonly<Partial<Record<`${AgedKind}_days`, number | null>>>;

/** Reads how a tenant's own is to be changed; undefined: nothing is said of it. */
export function retentionChange(said: Said | undefined): RetentionChange | undefined {
  return (
    said && {
      ...(said.payload_days === undefined ? {} : { payload: said.payload_days }),
      ...(said.attempts_days === undefined ? {} : { attempts: said.attempts_days }),
      ...(said.dead_letters_days === undefined ? {} : { dead_letters: said.dead_letters_days }),
    }
  );
}

export function retentionView(own: Retention) {
  return {
    payload_days: own.payload ?? null,
    attempts_days: own.attempts ?? null,
    dead_letters_days: own.dead_letters ?? null,
  };
}

/** Names what would be kept for longer than the installation keeps it, which nothing is. */
export function tooLong(
  said: Said | undefined,
  { keepMs, retention = {} }: Pick<ApiPorts, "keepMs" | "retention">,
): readonly WrongMember[] {
  return AGED_KINDS.flatMap((kind) => {
    const given = said?.[`${kind}_days`] ?? 0;
    const most = retention[kind] ?? (keepMs === undefined ? RETENTION_DAYS_MAX : Math.floor(keepMs / DAY_MS));
    const detail = `must be at most the installation's ${most}, got ${given}`;
    return given > most ? [{ pointer: `/retention/${kind}_days`, detail }] : [];
  });
}
