import { setImmediate } from "node:timers/promises";
import { type Checked, checkValue } from "../../json-schema/check-value.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem, type WrongMember } from "../../problem.ts";
import type { AskedEvent, AskedEvents } from "../asked-events.ts";
import type { ApiPorts } from "../ports.ts";
import { createSchemasInForce } from "./schemas-in-force.ts";

/** Checks the data of events against the schemas of their types. */
export interface EventChecker {
  /**
   * Returns what is wrong with events whose types only warn. Throws the Problem `schema_mismatch`, which
   * names every wrong member, as far as a limit, where a type rejects.
   */
  check(tenant: Tenant, asked: AskedRequest): Promise<readonly WrongMember[]>;
}

export interface AskedRequest {
  readonly asked: AskedEvents;
  /** The key that covers the request. */
  readonly headerKey: string | undefined;
}

// Wrong members that an answer names: as many as a request may have events.
const WRONG_DATA_MAX = 1_000;
// Others have their turn after so much work, which takes about 10 ms.
const WORK_FOR_A_TURN = 200_000;
// Parsing takes about 5 ns a byte, and a unit of work 50 ns.
const PARSED_BYTES_FOR_A_UNIT = 10;

const NO_WARNINGS: readonly WrongMember[] = [];

export function createEventChecker(ports: ApiPorts): EventChecker {
  const schemas = createSchemasInForce(ports);
  return {
    async check(tenant, { asked, headerKey }) {
      const types = await schemas.typesOf(tenant);
      if (types.size === 0) {
        return NO_WARNINGS;
      }
      const warnings: WrongMember[] = [];
      const errors: WrongMember[] = [];
      let work = 0;
      for (const [index, event] of asked.events.entries()) {
        const type = types.get(event.type);
        const schema = await type?.schema();
        if (type === undefined || schema === undefined) {
          continue;
        }
        const checked = checkValue(schema, valueOf(event));
        const wrong = wrongMembers(checked, asked.dataPlace(index));
        if (wrong.length > 0 && type.validation === "warn") {
          warnings.push(...wrong);
        } else if (wrong.length > 0 && !(await wasStored(ports, tenant, event.key ?? headerKey))) {
          errors.push(...wrong);
        }
        work += checked.work + event.data.byteLength / PARSED_BYTES_FOR_A_UNIT;
        if (work > WORK_FOR_A_TURN) {
          await setImmediate();
          work = 0;
        }
      }
      if (errors.length > 0) {
        throw invalidData(errors);
      }
      return warnings.slice(0, WRONG_DATA_MAX);
    },
  };
}

/** Parses beside what is stored and sent on: the bytes stay the caller's (invariant 13). */
function valueOf({ data }: AskedEvent): unknown {
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
}

/** What came before under its key is answered as it was then, whatever the schema says by now. */
async function wasStored(
  { reader }: ApiPorts,
  { number }: Tenant,
  key: string | undefined,
): Promise<boolean> {
  return key !== undefined && (await reader.readKey(number, key)) !== undefined;
}

function wrongMembers(checked: Checked, at: string): readonly WrongMember[] {
  switch (checked.kind) {
    case "fits":
      return [];
    case "wrong":
      return checked.errors.map(({ pointer, detail }) => ({ pointer: at + pointer, detail }));
    case "too_costly":
      return [{ pointer: at, detail: "takes more work to check against its schema than any event may" }];
  }
}

function invalidData(errors: readonly WrongMember[]): Problem {
  const more =
    errors.length > WRONG_DATA_MAX ? ` More is wrong than the ${WRONG_DATA_MAX} members named.` : "";
  const detail = `Data does not fit the schema of its event type; nothing of this request was stored.${more}`;
  return new Problem("schema_mismatch", detail, errors.slice(0, WRONG_DATA_MAX));
}
