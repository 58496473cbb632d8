import type { TSchema } from "typebox";
import type { NeededKey } from "../needed-key.ts";

/** What the description of the API says of a route, beside the schemas that its requests are checked by. */
export interface Operation {
  /** In generated clients: a verb and a thing, as `createEndpoint`. */
  readonly id: string;
  readonly summary: string;
  /** What a 2xx carries, by status. Null: nothing. */
  readonly answers: Readonly<Record<number, TSchema | null>>;
  /** Where the route reads its body itself: schemas by content type. */
  readonly bodies?: Readonly<Record<string, TSchema>>;
  /** Whether the body may be left out. Default: false. */
  readonly isBodyOptional?: boolean;
  readonly headers?: readonly HeaderParameter[];
  /** Where it is not the route itself that asks for a key. */
  readonly needs?: NeededKey;
  /** Of the answers, where it is not JSON as usual. */
  readonly contentType?: string;
}

export interface HeaderParameter {
  readonly name: string;
  readonly description: string;
}

/** Operations of one kind of thing, by method and path as in `POST /v1/tenants/:tenant/endpoints`. */
export interface OperationGroup {
  /** What they are about, in the plural. */
  readonly name: string;
  readonly description: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** What its answers are made of, by the names under which others refer to them. */
  readonly schemas: Readonly<Record<string, TSchema>>;
  /** The same of its requests. */
  readonly requestSchemas?: Readonly<Record<string, TSchema>>;
}
