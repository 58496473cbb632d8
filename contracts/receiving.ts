/**
 * What the receiving half of a contract is: how a request is verified, read as events, and answered.
 *
 * It runs wherever WebCrypto does: Node 20, Workers, Deno, Bun, browsers. It imports no module of Node.
 */

/** A request as it came, whatever framework took it. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path with its query, or the whole URL. */
  readonly url: string;
  /** By names in lower case; values of a name that came twice are joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The exact bytes of the body: signatures cover them. */
  readonly payload: Uint8Array;
}

/** Whether the sender is who it claims to be. `reason` is a stable snake_case code. */
export type Verification = { readonly kind: "ok" } | { readonly kind: "refused"; readonly reason: string };

/** What every event has, of whatever contract. */
export interface ReceivedEvent {
  /** The sender's id, the same in every attempt; undefined where the contract has none. */
  readonly id: string | undefined;
  /** The documented type to switch on; `unknown` where the contract documents none of that name. */
  readonly type: string;
  /** The type as the request spells it. */
  readonly name: string;
  /** When it happened; undefined where the request does not say. */
  readonly occurredAt: Date | undefined;
  readonly data: unknown;
}

/** An event of a type that the contract's documents do not have: vendors add types without notice. */
export interface UnknownEvent extends ReceivedEvent {
  readonly type: "unknown";
}

/**
 * The events of a contract as a union by `type`, so that `switch (event.type)` narrows `data`.
 *
 * `DataByType` maps the documented types to their data. The data is typed as documented, not checked.
 */
export type EventOf<DataByType> =
  | {
      readonly [Type in keyof DataByType & string]: ReceivedEvent & {
        readonly type: Type;
        readonly data: DataByType[Type];
      };
    }[keyof DataByType & string]
  | UnknownEvent;

/** What became of an event. */
export type Outcome =
  /** It was taken. */
  | "sent"
  /** It was left aside on purpose. */
  | "skipped"
  /** It can never be taken: its data is wrong. */
  | "invalid_data"
  /** It can never be taken: its customer wants no such messages. */
  | "unsubscribed"
  /** It could not be taken now: send it again. */
  | "failure";

/** What to answer the sender. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request said: events, or something that the contract answers by itself. */
export type Parsed<Event> =
  | { readonly kind: "events"; readonly events: readonly Event[] }
  | { readonly kind: "answered"; readonly answer: ReceiverAnswer };

/** The receiving half of a contract, with its secrets and settings. */
export interface ReceivingHalf<Event extends ReceivedEvent> {
  readonly contract: string;

  /**
   * Answers an OPTIONS request, by which a sender asks whether it may send at all; it proves nothing. Only
   * where the contract has such a handshake.
   */
  handshake?(request: ReceivedRequest): ReceiverAnswer;

  /** Says whether the request comes from someone who holds one of the secrets, and is fresh. */
  verify(request: ReceivedRequest): Promise<Verification>;

  /** Reads a verified request. Pure. */
  parse(request: ReceivedRequest): Parsed<Event>;

  /**
   * The key by which a repeat of the event is known; undefined where a repeat cannot be told from another
   * event, so that it is better taken twice.
   */
  keyOf(event: Event, request: ReceivedRequest): Promise<string | undefined>;

  /** Says in the contract's words what became of the request's events, in their order. Pure. */
  answer(outcomes: readonly Outcome[]): ReceiverAnswer;
}

/** What every receiving half is made with. */
export interface ReceivingOptions {
  /**
   * The secrets of the sender, several while a rotation overlaps: a request may be signed with any.
   * Those that are undefined are passed over, so that an unset variable may stand for "no older secret".
   */
  readonly secrets: readonly (string | undefined)[];
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Types an event: by its type where it is one of the documented, else as `unknown`.
 *
 * This is where the documents are believed: that data is shaped as they say is not checked.
 */
export function typedEvent<DataByType>(
  event: ReceivedEvent,
  documented: ReadonlySet<string>,
): EventOf<DataByType> {
  return isDocumented<DataByType>(event, documented) ? event : { ...event, type: "unknown" };
}

function isDocumented<DataByType>(
  event: ReceivedEvent,
  documented: ReadonlySet<string>,
): event is EventOf<DataByType> {
  return documented.has(event.type);
}

/** Makes an answer of JSON. */
export function jsonAnswer(status: number, body: unknown): ReceiverAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Makes an answer without a body. */
export function emptyAnswer(status: number): ReceiverAnswer {
  return { status, headers: {}, body: "" };
}

/** Returns the secrets that were given. Throws where there are none, or one is empty. */
export function givenSecrets(contract: string, { secrets }: ReceivingOptions): readonly string[] {
  const given = secrets.filter((secret) => secret !== undefined);
  if (given.length === 0 || given.includes("")) {
    const lengths = secrets.map((each) => (each === undefined ? "undefined" : `${each.length} characters`));
    throw new Error(
      `a receiver of ${contract} needs at least one secret and none that is empty, ` +
        `got ${lengths.join(", ") || "none"}`,
    );
  }
  return given;
}
