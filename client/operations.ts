/** Written by scripts/write-reference.ts from the API's description; do not change it by hand. */
import type { Call, CallOptions, Pages, Stream } from "./call.ts";
import { path } from "./path.ts";

/** One event is stored, and will not be lost. */
export interface Accepted extends AcceptedEvent {
  /** Where events do not fit their schemas, and are taken all the same. */
  readonly warnings?: readonly WrongMember[] | undefined;
}

export interface AcceptedEvent {
  /** Of the event; starts with evt_, and says nothing else. */
  readonly id: string;
  /** As it was given. */
  readonly type: string;
  /** When it was stored. */
  readonly accepted_at: string;
}

/** All events of the request are stored, and will not be lost. */
export interface AcceptedList {
  /** In the order of the request. */
  readonly data: readonly AcceptedEvent[];
  /** Where events do not fit their schemas, and are taken all the same. */
  readonly warnings?: readonly WrongMember[] | undefined;
}

/** What a tenant's own programs show to be let in. */
export interface ApiKey {
  /** Of the key; starts with key_, and says nothing else. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** What it may do. Null: all. */
  readonly scopes: readonly (
    | "events:write"
    | "events:read"
    | "events:erase"
    | "endpoints:write"
    | "endpoints:read"
    | "deliveries:read"
    | "deliveries:write"
    | "audit:read"
  )[] | null;
  /** Requests that it may make in a second. Null: the installation's rate. */
  readonly rate_per_second: number | null;
  /** When it was created. */
  readonly created_at: string;
  /** From then on it opens nothing. Null: it does not end by itself. */
  readonly expires_at: string | null;
  /** To the minute or so. Null: never. */
  readonly last_used_at: string | null;
}

/** One HTTP request that was made. */
export interface Attempt {
  /** Of the attempt; starts with att_, and says nothing else. */
  readonly id: string;
  /** Counts the requests of one delivery. */
  readonly number: number;
  /** Of its event; starts with evt_, and says nothing else. */
  readonly event_id: string;
  /** Of its endpoint; starts with ep_, and says nothing else. */
  readonly endpoint_id: string;
  /** Of its delivery; starts with dlv_, and says nothing else. */
  readonly delivery_id: string;
  /** Whether a replay made it. */
  readonly is_replay: boolean;
  /** What the contract makes of the answer. */
  readonly verdict: "delivered" | "rejected" | "retry" | "hold" | "disable";
  /** Of the answer. Null: there was none. */
  readonly status: number | null;
  /** A stable code of what went wrong. */
  readonly error: string | null;
  /** The same for people. */
  readonly error_detail: string | null;
  /** When the request began. */
  readonly started_at: string;
  /** From then to its end. */
  readonly duration_ms: number;
  /** Until there was a connection. */
  readonly connected_ms: number | null;
  /** Until the answer's headers were there. */
  readonly headers_ms: number | null;
  /** The beginning of the answer's body. */
  readonly answer: string | null;
  /** The first 16 bytes of the SHA-256 of the payload, in hexadecimal. Null: it has none. */
  readonly payload_hash: string | null;
  /** The last event of the batch it was part of. */
  readonly batch_event_id: string | null;
}

/** Something that was done by a call of this API. */
export interface AuditEntry {
  /** Of the entry; starts with aud_, and says nothing else. */
  readonly id: string;
  /** When it was done, by the server's clock. */
  readonly at: string;
  /** Who did it. */
  readonly by: {
    /** An admin key, a key of a tenant, or somebody in its portal. */
    readonly kind: "admin" | "tenant" | "portal";
    /** The key's id, also of one that opened a session. Null: the configured admin key. */
    readonly key: string | null;
    /** Of a browser. Null: a key was shown. */
    readonly session: string | null;
  };
  /** Whose it was. Null: the installation's. */
  readonly tenant: string | null;
  /** The operation, as this description names it: createEndpoint. */
  readonly action: string;
  /** What it was done to, or what it made: ids by what they are of. */
  readonly resource: Readonly<Record<string, string>>;
  /** Of the call: `X-Request-Id`. */
  readonly request_id: string;
  /** Of the answer. */
  readonly status: number;
}

/** A type that a contract's catalogue describes. */
export interface CatalogueType {
  /** As events have it in `type`. */
  readonly name: string;
  /** What such an event says. */
  readonly description: string;
  /** Whether another is to be used instead. */
  readonly deprecated: boolean;
  /** The other. */
  readonly successor: string | null;
  /** Whose catalogue it stands in. */
  readonly contract: string;
  /** JSON Schema, 2020-12, of `data`. Null: there is none. */
  readonly schema: unknown;
  /** A `data` that fits. Null: there is none. */
  readonly example: unknown;
}

/** What time it is. */
export interface Clock {
  /** The time as this server sees it. */
  readonly now: string;
  /** Whether it can be moved ahead: in development, over a database in a file. */
  readonly is_movable: boolean;
  /** How far it is ahead of the machine's. */
  readonly ahead_ms: number;
}

/** The time after it was moved. */
export interface ClockAdvanced extends Clock {
  /** How far it was moved: ask again for the rest. */
  readonly advanced_ms: number;
}

/** A way to say, sign and judge events. */
export interface Contract {
  /** As endpoints name it. */
  readonly name: string;
  readonly discipline: "each" | "batched" | "ordered";
  /** Whether endpoints have it whose tenant names none. */
  readonly is_default: boolean;
  readonly handshake: {
    /** How long a permission counts. */
    readonly every_ms: number;
  } | null;
  /** Whether other types than its own may come. */
  readonly catalogue: "open" | "closed";
  readonly event_types: readonly ({
    /** As events have it in `type`. */
    readonly name: string;
    /** What such an event says. */
    readonly description: string;
    /** Whether another is to be used instead. */
    readonly deprecated: boolean;
    /** The other. */
    readonly successor: string | null;
  })[];
  /** JSON Schema of an endpoint's `settings`. */
  readonly settings_schema: unknown;
  readonly defaults: {
    readonly timeout_ms: number;
    readonly max_in_flight: number;
    readonly retry: {
      readonly delays_ms: readonly number[];
      readonly jitter: number;
    };
    readonly hold: {
      readonly first_ms: number;
      readonly max_ms: number;
      readonly jitter: number;
    };
    readonly batch: {
      readonly events_max: number;
      readonly bytes_max: number;
      readonly wait_ms: number;
    } | null;
    readonly disable_after_ms: number | null;
  };
}

/** What happened in a stretch of time, each thing when it happened. */
export interface Counts {
  /** Events that were accepted. */
  readonly accepted: number;
  /** Deliveries whose first request was made. */
  readonly first_tried: number;
  /** Deliveries that receivers took, by whichever request; replays are not among them. */
  readonly delivered: number;
  /** Of them, those by their first request. */
  readonly delivered_first_try: number;
  /** Deliveries that receivers said never to send again. */
  readonly rejected: number;
  /** Deliveries that ended without success after their last request. */
  readonly dead: number;
  /** Deliveries that replays made. */
  readonly replayed: number;
  /** Requests that were answered, or failed, replays among them; a batch is one. */
  readonly attempts: number;
  /** Of them, those that did not deliver. */
  readonly attempts_failed: number;
  /** How long what is in `delivered` took from being accepted, read from a histogram. */
  readonly accepted_to_delivered: {
    /** In milliseconds, half of them took no longer. Null: there are none. */
    readonly p50_ms: number | null;
    /** In milliseconds, 95 % of them took no longer. Null: there are none. */
    readonly p95_ms: number | null;
    /** In milliseconds, 99 % of them took no longer. Null: there are none. */
    readonly p99_ms: number | null;
  };
}

/** One event owed to one endpoint. */
export interface Delivery {
  /** Of the delivery; starts with dlv_, and says nothing else. */
  readonly id: string;
  /** Of its event; starts with evt_, and says nothing else. */
  readonly event_id: string;
  /** Of its event. */
  readonly type: string;
  /** Of its endpoint; starts with ep_, and says nothing else. */
  readonly endpoint_id: string;
  readonly state:
    | "pending"
    | "retrying"
    | "delivered"
    | "rejected"
    | "dead"
    | "cancelled"
    | "expired";
  /** Requests made. */
  readonly attempts: number;
  /** Not before. Null: none is to come, or it waits for its turn alone. */
  readonly next_attempt_at: string | null;
  /** Of its schedule, the next among them; what is throttled uses none. Null: none is to come. */
  readonly retries_used: number | null;
  /** How many its schedule has. Null: none is to come. */
  readonly retries_max: number | null;
  /** Why it is in this state. */
  readonly reason: string | null;
  /** When its event was stored. */
  readonly accepted_at: string;
  /** When the last request began. */
  readonly last_attempt_at: string | null;
}

/** A receiver's URL with its contract, subscription, secrets and limits. */
export interface Endpoint {
  /** Of the endpoint; starts with ep_, and says nothing else. */
  readonly id: string;
  /** Where its requests go. */
  readonly url: string;
  /** How they are said, signed and judged. */
  readonly contract: string;
  /** Names and globs. Null: every type. */
  readonly event_types: readonly string[] | null;
  /** For people. */
  readonly description: string | null;
  /** Whether it is owed what comes. */
  readonly enabled: boolean;
  readonly state: "enabled" | "paused" | "disabled" | "deleted";
  /** Why it is in this state, where nobody asked for it. */
  readonly state_reason: string | null;
  /** Sent with every request. What they say is `…` to keys without `endpoints:write`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: as the contract says. */
  readonly max_in_flight: number | null;
  /** Null: any. */
  readonly rate_per_second: number | null;
  /** What makes events states of one thing, of which only the newest that waits is sent. */
  readonly latest_only_by: "subject" | "type_and_subject" | null;
  /** Null: as the contract says. */
  readonly timeout_ms: number | null;
  readonly retry: {
    /** Before each further attempt, in turn. */
    readonly delays_ms: readonly number[];
    /** By which share a delay may be longer or shorter. */
    readonly jitter: number;
  } | null;
  /** Yours. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The contract's own. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Those that live; what they are is never shown. */
  readonly secrets: readonly ({
    /** Since when it signs or verifies. */
    readonly created_at: string;
    /** When it ends. Null: it does not. */
    readonly expires_at: string | null;
  })[];
  /** Of a contract that signs with a private key. */
  readonly public_key: string | null;
  /** When it was created. */
  readonly created_at: string;
  /** When it was last changed. */
  readonly updated_at: string;
}

/** An endpoint, and how its deliveries are going. */
export interface EndpointStatus extends Endpoint {
  readonly lane: Lane;
  /** Events it would have been sent while it was disabled, or that were skipped. */
  readonly missed: number;
  /** There are more than were counted. */
  readonly missed_is_at_least?: true | undefined;
}

/** Something that happened. */
export interface Event {
  /** Of the event; starts with evt_, and says nothing else. */
  readonly id: string;
  /** What happened. */
  readonly type: string;
  /** What it happened to. */
  readonly subject: string | null;
  /** When it happened, as its sender says. */
  readonly occurred_at: string;
  /** When it was stored. */
  readonly accepted_at: string;
  /** From then on it is not sent any more. */
  readonly expires_at: string | null;
  /** The one endpoint it is for. Null: whoever subscribes. */
  readonly to: string | null;
  /** Length of `data`. */
  readonly data_bytes: number;
  /** Whether what it said was erased. */
  readonly is_erased: boolean;
}

/** An event type as a tenant knows it. */
export interface EventType {
  /** As events have it in `type`. */
  readonly name: string;
  /** Whose catalogue describes it. Null: none. */
  readonly contract: string | null;
  /** Whether the tenant has registered it. */
  readonly registered: boolean;
  /** What such an event says. */
  readonly description: string | null;
  /** JSON Schema, 2020-12, of `data`. Null: there is none. */
  readonly schema: unknown;
  /** Of the tenant's own schema. */
  readonly schema_version: number | null;
  /** A `data` that fits. Null: there is none. */
  readonly example: unknown;
  /** What becomes of events that do not fit. */
  readonly validation: "off" | "warn" | "reject";
  /** Whether another is to be used instead. */
  readonly deprecated: boolean;
  /** The other. */
  readonly successor: string | null;
  /** When it was registered. */
  readonly created_at: string | null;
  /** When that was last changed. */
  readonly updated_at: string | null;
}

/** Something that happened, with what became of it. */
export interface EventWithData extends Event {
  /** Extension attributes of a CloudEvent, and the trace it came in. Null: it has none, or is erased. */
  readonly extensions: Readonly<Record<string, string | number | boolean>> | null;
  /** Whether the key may not see what it says: `data` and `extensions` are null. */
  readonly is_withheld: boolean;
  /** Deliveries of the event, by state. */
  readonly summary: {
    /** Not tried yet. */
    readonly pending: number;
    /** Tried, and to be tried again. */
    readonly retrying: number;
    /** Taken by its receiver. */
    readonly delivered: number;
    /** Refused for good. */
    readonly rejected: number;
    /** Given up after every attempt. */
    readonly dead: number;
    /** Given up by someone, or with its endpoint. */
    readonly cancelled: number;
    /** Too old to be sent. */
    readonly expired: number;
  };
  /** The bytes its sender sent. Null: erased, or withheld. */
  readonly data: unknown;
}

/** What waits, and is on its way. */
export interface InstallationStanding extends Standing {
  /** Other nodes deliver, too: these are what this one knows. */
  readonly is_partial?: true | undefined;
}

/** How an endpoint's deliveries are going. */
export interface Lane {
  /** How its deliveries wait for one another. Null: its contract is not there any more. */
  readonly discipline: "each" | "batched" | "ordered" | null;
  /** Whether the lane goes on once the delivery that everything waits for is skipped. */
  readonly is_skippable: boolean;
  /** Deliveries that are owed and not settled. */
  readonly waiting: number;
  /** There are more than were counted. */
  readonly waiting_is_at_least?: true | undefined;
  /** Another node sends to the endpoint: what it has stored, a moment ago. */
  readonly as_stored?: true | undefined;
  /** A fault stopped the lane; `reason` says which. */
  readonly needs_attention: boolean;
  /** Since when nothing is sent but probes. */
  readonly held_since: string | null;
  /** Why it is held, or was stopped. */
  readonly reason: string | null;
  /** Not before. */
  readonly next_probe_at: string | null;
  /** Every request since has failed. */
  readonly failing_since: string | null;
}

/** An endpoint; with `include=lane` also how its deliveries are going. */
export interface ListedEndpoint extends Endpoint {
  /** How an endpoint's deliveries are going. */
  readonly lane?: {
    /** How its deliveries wait for one another. Null: its contract is not there any more. */
    readonly discipline: "each" | "batched" | "ordered" | null;
    /** Whether the lane goes on once the delivery that everything waits for is skipped. */
    readonly is_skippable: boolean;
    /** Deliveries that are owed and not settled. */
    readonly waiting: number;
    /** There are more than were counted. */
    readonly waiting_is_at_least?: true | undefined;
    /** Another node sends to the endpoint: what it has stored, a moment ago. */
    readonly as_stored?: true | undefined;
    /** A fault stopped the lane; `reason` says which. */
    readonly needs_attention: boolean;
    /** Since when nothing is sent but probes. */
    readonly held_since: string | null;
    /** Why it is held, or was stopped. */
    readonly reason: string | null;
    /** Not before. */
    readonly next_probe_at: string | null;
    /** Every request since has failed. */
    readonly failing_since: string | null;
  } | undefined;
  /** Events it would have been sent while it was disabled, or that were skipped. */
  readonly missed?: number | undefined;
  /** There are more than were counted. */
  readonly missed_is_at_least?: true | undefined;
}

/** What somebody listens with; nothing is stored of it. */
export interface Listener {
  /** By which its requests are made. */
  readonly contract: string;
  /** With which they are signed. Null: the contract signs nothing. */
  readonly secret: string | null;
}

/** A request was made. */
export interface LiveAttempt {
  readonly kind: "attempt";
  /** Whose it is. */
  readonly tenant_id: string;
  /** Of its event. */
  readonly type: string;
  readonly attempt: {
    /** Of the attempt; starts with att_, and says nothing else. */
    readonly id: string;
    /** Counts the requests of one delivery. */
    readonly number: number;
    /** Of its event; starts with evt_, and says nothing else. */
    readonly event_id: string;
    /** Of its endpoint; starts with ep_, and says nothing else. */
    readonly endpoint_id: string;
    /** Of its delivery; starts with dlv_, and says nothing else. */
    readonly delivery_id: string;
    /** Whether a replay made it. */
    readonly is_replay: boolean;
    /** What the contract makes of the answer. */
    readonly verdict: "delivered" | "rejected" | "retry" | "hold" | "disable";
    /** Of the answer. Null: there was none. */
    readonly status: number | null;
    /** A stable code of what went wrong. */
    readonly error: string | null;
    /** The same for people. */
    readonly error_detail: string | null;
    /** When the request began. */
    readonly started_at: string;
    /** From then to its end. */
    readonly duration_ms: number;
    /** Until there was a connection. */
    readonly connected_ms: number | null;
    /** Until the answer's headers were there. */
    readonly headers_ms: number | null;
    /** The last event of the batch it was part of. */
    readonly batch_event_id: string | null;
  };
}

/** A delivery has come to a state. */
export interface LiveDelivery {
  readonly kind: "delivery";
  /** Whose it is. */
  readonly tenant_id: string;
  readonly delivery: {
    /** Of the delivery; starts with dlv_, and says nothing else. */
    readonly id: string;
    /** Of its event; starts with evt_, and says nothing else. */
    readonly event_id: string;
    /** Of its event. */
    readonly type: string;
    /** Of its endpoint; starts with ep_, and says nothing else. */
    readonly endpoint_id: string;
    readonly state:
      | "pending"
      | "retrying"
      | "delivered"
      | "rejected"
      | "dead"
      | "cancelled"
      | "expired";
    /** Not before. Null: none is to come, or it waits for its turn alone. */
    readonly next_attempt_at: string | null;
    /** Why it is in this state. */
    readonly reason: string | null;
    /** When its event was stored. */
    readonly accepted_at: string;
  };
}

/** An event was accepted. */
export interface LiveEvent {
  readonly kind: "event";
  /** Whose it is. */
  readonly tenant_id: string;
  readonly event: Event;
}

/** What an endpoint was owed of a stretch of events will not be sent to it. */
export interface LiveGap {
  readonly kind: "gap";
  /** Whose it is. */
  readonly tenant_id: string;
  readonly gap: {
    /** Of the endpoint; starts with ep_, and says nothing else. */
    readonly endpoint_id: string;
    /** The first place it covers; there may be no event. */
    readonly first_event_id: string;
    /** The last place it covers, likewise. */
    readonly last_event_id: string;
    /** Why nothing of it is sent. */
    readonly reason: string;
  };
}

/** Whether everything to an endpoint waits, as it is from now on. */
export interface LiveLane {
  readonly kind: "lane";
  /** Whose it is. */
  readonly tenant_id: string;
  readonly lane: {
    /** Of the endpoint; starts with ep_, and says nothing else. */
    readonly endpoint_id: string;
    /** Null: it is not held. */
    readonly held_since: string | null;
    /** Why it is held. */
    readonly reason: string | null;
    /** When its receiver is tried again. */
    readonly next_probe_at: string | null;
  };
}

/** There was more than can be told, or than was read in time. */
export interface LiveLeftOut {
  readonly kind: "left_out";
  /** How many: of all, whatever was asked for. */
  readonly count: number;
}

/** The `data` of one server-sent event. More kinds may be added. */
export type LiveMessage =
  LiveStarted
  | LiveEvent
  | LiveAttempt
  | LiveDelivery
  | LiveGap
  | LiveLane
  | LiveLeftOut;

/** The first message of every stream. */
export interface LiveStarted {
  readonly kind: "started";
  /** Whether something may have happened since `Last-Event-ID` that was not told. */
  readonly has_missed: boolean;
}

/** A key that was just made. */
export interface NewApiKey extends ApiKey {
  /** The key itself: it is shown this once. */
  readonly key: string;
}

/** An endpoint that was just created. */
export interface NewEndpoint extends UpdatedEndpoint {
  /** Made or given: it is shown this once. Null: there is none. */
  readonly secret: string | null;
}

/** A process that serves this installation. */
export interface Node {
  /** Names the process: its machine, its number there. */
  readonly id: string;
  /** Whether it is the one that answers. */
  readonly is_this: boolean;
  /** Null: it is of an older one, which does not say. */
  readonly version: string | null;
  /** Since when it is there. Null: it is of an older version, which does not say. */
  readonly joined_at: string | null;
  /** It counts until then, unless it says again that it is there. Null: it shares nothing. */
  readonly alive_until: string | null;
  /** What it delivers. */
  readonly shards: readonly number[];
}

/** A way into the portal of one tenant. */
export interface PortalSession {
  /** Opens the portal, once. Whoever has it is let in: it is for one person's browser. */
  readonly url: string;
  /** Until when it must be opened. */
  readonly url_expires_at: string;
  /** Seconds that the session lasts, once it was. */
  readonly expires_in: number;
  /** What it may do. */
  readonly scopes: readonly (
    | "events:read"
    | "deliveries:read"
    | "deliveries:write"
    | "endpoints:read"
    | "endpoints:write"
  )[];
}

/** A replay of what an endpoint missed. */
export interface Recovery {
  /** What is offered again. */
  readonly missed: number;
  /** There is more than was counted. */
  readonly missed_is_at_least?: true | undefined;
  readonly replay: Replay | null;
}

/** An event as an endpoint would get it, made and signed now. */
export interface Rendered {
  /** By which it was made. */
  readonly contract: string;
  /** Why there is no request: a stable code. */
  readonly reason: string | null;
  readonly request: {
    /** Of HTTP. */
    readonly method: string;
    /** Where it goes. */
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** The bytes to send, in Base64. */
    readonly payload: string;
  } | null;
}

/** Old events delivered again, a range at a time. */
export interface Replay {
  /** Of the replay; starts with rpl_, and says nothing else. */
  readonly id: string;
  /** Of the endpoint whose deliveries are looked at; starts with ep_, and says nothing else. */
  readonly endpoint_id: string;
  /** Of the endpoint they are sent to; starts with ep_, and says nothing else. */
  readonly to_endpoint_id: string;
  /** What was accepted from then on */
  readonly since: string;
  /** and before then. */
  readonly until: string;
  readonly only: "dead" | "missed" | "undelivered" | "all";
  /** Names and globs. Null: every type. */
  readonly types: readonly string[] | null;
  /** Deliveries a second. Null: as fast as others leave room. */
  readonly rate: number | null;
  readonly state: "running" | "paused" | "finished" | "cancelled";
  /** Why it is paused, or ended before it was through. */
  readonly reason: string | null;
  /** How far it has come. */
  readonly position: string;
  /** Events it has looked at. */
  readonly looked_at: number;
  /** Of those, to be delivered. */
  readonly matched: number;
  /** Of those, taken by the receiver. */
  readonly delivered: number;
  /** Of those, given up or refused. */
  readonly failed: number;
  /** Of those, gone in the meantime. */
  readonly passed_over: number;
  /** When it was asked for. */
  readonly created_at: string;
  /** When it ended. */
  readonly ended_at: string | null;
}

/** What a replay would do. */
export interface ReplayCount {
  /** Deliveries it would make. */
  readonly count: number;
  /** There are more than were counted. */
  readonly count_is_at_least?: true | undefined;
}

/** An endpoint with a new secret. */
export interface RotatedEndpoint extends Endpoint {
  /** The new one: it is shown this once. */
  readonly secret: string;
}

/** An event that is nowhere, as contracts or an endpoint say it; signed with secrets that are nobody's. */
export interface SampleRenderings {
  readonly renderings: readonly ({
    /** By which it was made. */
    readonly contract: string;
    /** As which. Null: one that is nowhere. */
    readonly endpoint_id: string | null;
    /**
     * Why there is no request: `not_in_catalogue`, `settings_needed`, `contract_failed`, `contract_unknown`,
     * or a code of the contract's.
     */
    readonly reason: string | null;
    readonly request: {
      /** Of HTTP. */
      readonly method: string;
      /** Where it would go, without what may be a credential. */
      readonly url: string;
      readonly headers: readonly ({
        /** As it is sent. */
        readonly name: string;
        /** Null: it is, or may be, a credential of the endpoint's receiver. */
        readonly value: string | null;
      })[];
      /** Its bytes, in Base64. */
      readonly payload: string;
    } | null;
  })[];
}

export interface SchemaVersion {
  readonly version: number;
  /** JSON Schema, 2020-12, of `data`. Null: there is none. */
  readonly schema: unknown;
  /** From then on events were checked by it. */
  readonly created_at: string;
}

/** Whether anything is sent. */
export interface Sending {
  readonly state: "running" | "paused";
  /** When the backup was made that this database came from; of PostgreSQL, the time of its newest event. */
  readonly backed_up_at: string | null;
  /** Endpoints that are owed something. */
  readonly endpoints_waiting: number;
  /** What they are owed, as far as it is in memory. */
  readonly deliveries_waiting_at_least: number;
}

/** The request of an attempt, made again and compared by its hash: without credentials. */
export interface SentRequest {
  /**
   * Of the attempt that it stands at: of a batch, the last member's; starts with att_, and says nothing else.
   */
  readonly attempt_id: string;
  /** By which it was made. Null: the endpoint is gone. */
  readonly contract: string | null;
  /** The events it says, in their order. Empty: they are not found. */
  readonly event_ids: readonly string[];
  /** Whether its payload has the hash that was stored when it was sent. Null: that cannot be said. */
  readonly matches: boolean | null;
  /** Why it does not match, or why that cannot be said. Null: it matches. */
  readonly reason:
    | "endpoint_gone"
    | "contract_unknown"
    | "batch_scattered"
    | "event_gone"
    | "event_erased"
    | "not_sent"
    | "unrenderable_now"
    | "contract_failed"
    | "endpoint_changed"
    | "rendering_changed"
    | "payload_made_with_secret" | null;
  readonly request: {
    /** Of HTTP. */
    readonly method: string;
    /** Where it went. User, password and the values of its query are not shown. */
    readonly url: string;
    readonly headers: readonly ({
      /** As it is sent. */
      readonly name: string;
      /** Null: it is, or may be, a credential, and is not shown. */
      readonly value: string | null;
    })[];
    /** Its bytes, in Base64. */
    readonly payload: string;
  } | null;
}

/** Who asks. */
export interface Session {
  /** Whether it is the portal's: of one tenant, for a while, and of less than a key may. */
  readonly is_portal: boolean;
  /** Whose key it is. */
  readonly kind: "admin" | "tenant";
  /** Of a tenant's key. Null: an admin key, which reaches all. */
  readonly tenant: string | null;
  /** What it may do. Null: all. */
  readonly scopes: readonly (
    | "events:write"
    | "events:read"
    | "events:erase"
    | "endpoints:write"
    | "endpoints:read"
    | "deliveries:read"
    | "deliveries:write"
    | "audit:read"
  )[] | null;
  /** When a browser's session ends. Null: a key asks. */
  readonly expires_at: string | null;
}

/** What waits of a tenant, and is on its way. */
export interface Standing {
  /** Requests that are on their way. */
  readonly in_flight: number;
  /** Deliveries that wait, as far as they are in memory, retries too. */
  readonly deliveries_waiting_at_least: number;
  /** Endpoints that they wait for. */
  readonly endpoints_waiting: number;
  /** Endpoints whose receivers are given time. */
  readonly lanes_held: number;
  /** Endpoints that wait until a person does something. */
  readonly lanes_stopped: number;
  /** Since when the oldest of what could be sent has waited. Null: nothing does. What is held is not due. */
  readonly oldest_due_at: string | null;
}

/** What happened in a minute, or in an hour. */
export interface StatPoint extends Counts {
  /** When the minute, or the hour, began. */
  readonly at: string;
}

/** What was accepted, and what became of it. The last five seconds may be missing. */
export interface Stats {
  /** What was asked for, from the beginning of its minute or hour. */
  readonly since: string;
  /** What was asked for. */
  readonly until: string;
  readonly resolution: "minute" | "hour";
  readonly total: Counts;
  /** Oldest first. What is left out had nothing. */
  readonly points: readonly StatPoint[];
}

/** What this installation runs on. */
export interface System {
  /** Of the server that answers. */
  readonly version: string;
  /** Where everything is stored. */
  readonly database: {
    readonly kind: "memory" | "sqlite" | "postgres";
    /** Of the database. */
    readonly version: string | null;
    /** All that it takes up. */
    readonly bytes: number;
  };
  /** Steps of the schema. */
  readonly migrations: {
    /** That the database has. */
    readonly applied: number;
    /** That this server has: more are applied where a newer version has been there. */
    readonly known: number;
  };
  /** Where the database's file is. Null: it is another machine's, or not known. */
  readonly disk_free_bytes: number | null;
  /** False while the disk is nearly full: no events are accepted. */
  readonly is_accepting: boolean;
  readonly shards: readonly ({
    /** A part of the log. One of SQLite has one for all. */
    readonly shard: number;
    /** Who delivers what is in it. Null: nobody, for now. */
    readonly node: string | null;
    /** Grows with every owner. */
    readonly epoch: number;
    /** Until when, unless it is prolonged. Null: nobody has it, or nobody else can. */
    readonly held_until: string | null;
  })[];
  /** Of the server that answers. */
  readonly settings: readonly ({
    /** Of the variable: POSTHORN_PORT. */
    readonly name: string;
    /** Secrets are masked. Null: it is not set, and has no default. */
    readonly value: string | null;
    readonly source: "default" | "environment" | "file";
  })[];
}

/** Whose events and endpoints there are: a customer, an environment, a company. */
export interface Tenant {
  /** As it was given, or made: ten_… */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Of endpoints that name none. Null: the installation's default. */
  readonly contract: string | null;
  /** What becomes of events that do not fit the schemas of the contract's catalogue. */
  readonly validation: "off" | "warn" | "reject";
  /** For how many days what is final is kept, by kind. */
  readonly retention: {
    /** Null: as the installation says. */
    readonly payload_days: number | null;
    /** Null: as the installation says. */
    readonly attempts_days: number | null;
    /** Null: as the installation says. */
    readonly dead_letters_days: number | null;
  };
  /** When it was created. */
  readonly created_at: string;
}

/** A receiver to try things out with. */
export interface TestReceiver {
  /** Where an endpoint of the tenant sends to it. Null: only a server in development has one. */
  readonly url: string | null;
  /** How it answers every request of the tenant; handshakes it passes. */
  readonly answer: {
    /** HTTP status. */
    readonly status: number;
    /** Sent as `application/json`. */
    readonly body: string;
    /** In `Retry-After`. Null: there is none. */
    readonly retry_after_seconds: number | null;
    /** It never answers. */
    readonly is_silent: boolean;
  };
}

/** An endpoint that needs somebody, whose it is, and how its deliveries are going. */
export interface TroubledEndpoint extends EndpointStatus {
  /** The id of its tenant. */
  readonly tenant: string;
}

/** An endpoint that was not owed an event, as it was when the event was accepted. */
export interface UnmatchedEndpoint {
  /** Of the endpoint; starts with ep_, and says nothing else. */
  readonly endpoint_id: string;
  /** Where its requests go. */
  readonly url: string;
  /** How they are said. */
  readonly contract: string;
  /** Why it was not owed the event: all that hold. */
  readonly reasons: readonly (
    | "created_later"
    | "disabled_then"
    | "for_another_endpoint"
    | "not_subscribed"
    | "not_in_catalogue"
  )[];
  /** Names and globs that it subscribed to then. Null: every type, or it was not there. */
  readonly event_types: readonly string[] | null;
  /** Since when it was so. Null: it was created later. */
  readonly in_force_since: string | null;
  /** When it was created. */
  readonly created_at: string;
}

/** An endpoint that was just changed. */
export interface UpdatedEndpoint extends Endpoint {
  /** What was taken, and may not be meant: event types that nobody has, or is to use no more. */
  readonly warnings?: readonly Warning[] | undefined;
}

/** What was taken, and may not be meant. */
export interface Warning {
  /** JSON Pointer into the body. */
  readonly pointer: string;
  /** What of it may be another thing than is meant. */
  readonly detail: string;
}

export interface WrongMember {
  /** JSON Pointer into the body; `?name` for a query parameter, a header by its name. */
  readonly pointer: string;
  /** What is wrong with it. */
  readonly detail: string;
}

/** An event to be sent. */
export interface NewEvent {
  /** What happened, such as invoice.paid. */
  readonly type: string;
  /** Any JSON: it reaches every receiver byte for byte. */
  readonly data: unknown;
  /** What it happened to, such as a customer's id. */
  readonly subject?: string | null | undefined;
  /** Default: when it is accepted. */
  readonly occurred_at?: string | null | undefined;
  /** The same key with the same event is stored once. */
  readonly idempotency_key?: string | null | undefined;
  /** From then on it is not sent any more. */
  readonly expires_at?: string | null | undefined;
  /** The one endpoint it is for. */
  readonly to?: string | null | undefined;
  /** The trace it is of, by W3C Trace Context. Default: the header's. */
  readonly traceparent?: string | null | undefined;
  /** Goes with traceparent. */
  readonly tracestate?: string | null | undefined;
}

/** What the API says went wrong. More may be added. */
export type ProblemCode =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "bad_request"
  | "request_timeout"
  | "headers_too_large"
  | "method_not_allowed"
  | "tenant_exists"
  | "tenant_reserved"
  | "endpoint_disabled"
  | "too_many_endpoints"
  | "too_many_secrets"
  | "event_type_exists"
  | "too_many_event_types"
  | "too_many_replays"
  | "replay_ended"
  | "clock_fixed"
  | "no_test_receiver"
  | "delivery_settled"
  | "delivery_in_flight"
  | "delivery_in_batch"
  | "delivery_not_owed"
  | "event_expired"
  | "event_erased"
  | "endpoint_needs_attention"
  | "payload_too_large"
  | "unsupported_media_type"
  | "invalid_json"
  | "invalid_request"
  | "schema_mismatch"
  | "idempotency_key_reused"
  | "rate_limited"
  | "overloaded"
  | "disk_nearly_full"
  | "store_unavailable"
  | "shutting_down"
  | "contract_failed"
  | "internal";

/** What `createTenant` takes. */
export interface CreateTenantBody {
  /** Default: one is made. */
  readonly id?: string | undefined;
  /** For people. */
  readonly name: string;
  /** What its endpoints have that name none. Default: the installation's. */
  readonly contract?: string | null | undefined;
  /** What becomes of events that do not fit the schemas of the contract's catalogue. Default: off. */
  readonly validation?: "off" | "warn" | "reject" | undefined;
  /** For how many days what is final is kept, by kind. Default: as the installation says. */
  readonly retention?: {
    /** What events say. Null: the installation's. */
    readonly payload_days?: number | null | undefined;
    /** What receivers answered. Null: the installation's. */
    readonly attempts_days?: number | null | undefined;
    /** What was given up. Null: the installation's. */
    readonly dead_letters_days?: number | null | undefined;
  } | undefined;
}

/** What `listTenants` can be asked for. */
export interface ListTenantsQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `updateTenant` takes. */
export interface UpdateTenantBody {
  /** For people. */
  readonly name?: string | undefined;
  /** What endpoints have that are made from now on and name none. */
  readonly contract?: string | undefined;
  /** What becomes of events that do not fit the schemas of the contract's catalogue. Default: off. */
  readonly validation?: "off" | "warn" | "reject" | undefined;
  /** For how many days what is final is kept, by kind. Default: as the installation says. */
  readonly retention?: {
    /** What events say. Null: the installation's. */
    readonly payload_days?: number | null | undefined;
    /** What receivers answered. Null: the installation's. */
    readonly attempts_days?: number | null | undefined;
    /** What was given up. Null: the installation's. */
    readonly dead_letters_days?: number | null | undefined;
  } | undefined;
}

/** What `createKey` takes. */
export interface CreateKeyBody {
  /** For people. */
  readonly name: string;
  /** Default: all. */
  readonly scopes?: readonly (
    | "events:write"
    | "events:read"
    | "events:erase"
    | "endpoints:write"
    | "endpoints:read"
    | "deliveries:read"
    | "deliveries:write"
    | "audit:read"
  )[] | undefined;
  /** What a person may do, in place of scopes: see docs/guides/security.md. */
  readonly role?: "viewer" | "support" | "admin" | undefined;
  /** Requests that it may make in a second, on average. Default: the installation's rate. */
  readonly rate_per_second?: number | null | undefined;
  /** A time from which on it opens nothing. Default: never. */
  readonly expires_at?: string | null | undefined;
}

/** What `createEndpoint` takes. */
export interface CreateEndpointBody {
  /** Where requests go: http or https, at an address that may be called. */
  readonly url: string;
  /** By name; it stays for good. Default: the tenant's. */
  readonly contract?: string | null | undefined;
  /** In the form that the contract wants. Default: one is made. */
  readonly secret?: string | null | undefined;
  /** Names, or globs in which * stands for any text. Default: every type. */
  readonly event_types?: readonly string[] | null | undefined;
  /** For people. */
  readonly description?: string | null | undefined;
  /** False: nothing is owed to it. Default: true. */
  readonly enabled?: boolean | undefined;
  /** Sent with every request, beside the contract's own. */
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Requests at a time, where the contract has no order. Default: the contract's. */
  readonly max_in_flight?: number | null | undefined;
  /** Requests at most. Default: any number. */
  readonly rate_per_second?: number | null | undefined;
  /** For an attempt, from looking its host up to the end of the answer. Default: the contract's. */
  readonly timeout_ms?: number | null | undefined;
  /** What makes events states of one thing: only the newest that waits is sent. Default: all. */
  readonly latest_only_by?: "subject" | "type_and_subject" | null | undefined;
  /** When it is tried again. Default: the contract's schedule. */
  readonly retry?: {
    /** Before each further attempt, since the one before; after the last it is dead. */
    readonly delays_ms: readonly number[];
    /** So much of each delay, at most, is added or taken away by chance. Default: 0. */
    readonly jitter?: number | undefined;
  } | null | undefined;
  /** Of your own, kept and shown. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /** The contract's own. */
  readonly settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What `listEndpoints` can be asked for. */
export interface ListEndpointsQuery {
  /** Also says how the deliveries of each are going. */
  readonly include?: "lane" | undefined;
  /** Those that are held, failing, stopped, paused or disabled. */
  readonly only?: "troubled" | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `listTroubledEndpoints` can be asked for. */
export interface ListTroubledEndpointsQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `updateEndpoint` takes. */
export interface UpdateEndpointBody {
  /** Where requests go: http or https, at an address that may be called. */
  readonly url?: string | undefined;
  /** By name; it stays for good. Default: the tenant's. */
  readonly contract?: string | null | undefined;
  /** Names, or globs in which * stands for any text. Default: every type. */
  readonly event_types?: readonly string[] | null | undefined;
  /** For people. */
  readonly description?: string | null | undefined;
  /** False: nothing is owed to it. Default: true. */
  readonly enabled?: boolean | undefined;
  /** Sent with every request, beside the contract's own. */
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Requests at a time, where the contract has no order. Default: the contract's. */
  readonly max_in_flight?: number | null | undefined;
  /** Requests at most. Default: any number. */
  readonly rate_per_second?: number | null | undefined;
  /** For an attempt, from looking its host up to the end of the answer. Default: the contract's. */
  readonly timeout_ms?: number | null | undefined;
  /** What makes events states of one thing: only the newest that waits is sent. Default: all. */
  readonly latest_only_by?: "subject" | "type_and_subject" | null | undefined;
  /** When it is tried again. Default: the contract's schedule. */
  readonly retry?: {
    /** Before each further attempt, since the one before; after the last it is dead. */
    readonly delays_ms: readonly number[];
    /** So much of each delay, at most, is added or taken away by chance. Default: 0. */
    readonly jitter?: number | undefined;
  } | null | undefined;
  /** Of your own, kept and shown. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /** The contract's own. */
  readonly settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What `rotateSecret` takes. */
export interface RotateSecretBody {
  /** In the form that the contract wants. Default: one is made. */
  readonly secret?: string | null | undefined;
  /** How long the older secrets live on; 0: they end at once. Default: 86400, a day. */
  readonly overlap_seconds?: number | null | undefined;
}

/** What `skip` takes. */
export interface SkipBody {
  /** Everything accepted before this time is skipped. */
  readonly until?: string | null | undefined;
  /** Everything up to this event is skipped. */
  readonly event?: string | null | undefined;
}

/** What `listEvents` can be asked for. */
export interface ListEventsQuery {
  /** Of this type. */
  readonly type?: string | undefined;
  /** About this subject. */
  readonly subject?: string | undefined;
  /** Accepted under this idempotency key. */
  readonly key?: string | undefined;
  /** A time: accepted from then on. */
  readonly since?: string | undefined;
  /** A time: accepted before then. */
  readonly until?: string | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `sendTest` takes. */
export interface SendTestBody {
  /** Default: one that the endpoint takes. */
  readonly type?: string | undefined;
  /** Default: the example of the type. */
  readonly data?: unknown;
}

/** What `setTestReceiver` takes. */
export interface SetTestReceiverBody {
  /** HTTP status. Default: 200. */
  readonly status?: number | undefined;
  /** Sent as `application/json`. Default: `{"outcome":"sent"}`. */
  readonly body?: string | undefined;
  /** In `Retry-After`, at most a day. Default: there is none. */
  readonly retry_after_seconds?: number | null | undefined;
  /** It never answers. Default: false. */
  readonly is_silent?: boolean | undefined;
}

/** What `listDeliveries` can be asked for. */
export interface ListDeliveriesQuery {
  /** In this state. A page looks at some hundred events: it may be empty, and have a next one. */
  readonly state?:
    | "pending"
    | "retrying"
    | "delivered"
    | "rejected"
    | "dead"
    | "cancelled"
    | "expired" | undefined;
  /** To this endpoint: its id. */
  readonly endpoint?: string | undefined;
  /** Of events of this type. */
  readonly type?: string | undefined;
  /** A time: of events accepted from then on. */
  readonly since?: string | undefined;
  /** A time: of events accepted before then. */
  readonly until?: string | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `listDeliveriesOfEvent` can be asked for. */
export interface ListDeliveriesOfEventQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `listUnmatched` can be asked for. */
export interface ListUnmatchedQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `listAttempts` can be asked for. */
export interface ListAttemptsQuery {
  /** To this endpoint: its id. */
  readonly endpoint?: string | undefined;
  /** For this event: its id. */
  readonly event?: string | undefined;
  /** With this verdict. */
  readonly verdict?: "delivered" | "rejected" | "retry" | "hold" | "disable" | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `createReplay` takes. */
export interface CreateReplayBody {
  /** Whose deliveries: its id. */
  readonly endpoint: string;
  /** A time: what was accepted from then on. */
  readonly since: string;
  /** A time: what was accepted before then. Default: now. */
  readonly until?: string | null | undefined;
  /** What was given up, was never sent, was not delivered for either reason, or everything. */
  readonly only: "dead" | "missed" | "undelivered" | "all";
  /** Names, or globs in which * stands for any text. Default: every type. */
  readonly types?: readonly string[] | null | undefined;
  /** Deliveries a second. */
  readonly rate?: number | null | undefined;
  /** Another endpoint. Default: the same. */
  readonly to?: string | null | undefined;
  /** Only counts. Default: false. */
  readonly dry_run?: boolean | null | undefined;
}

/** What `listReplays` can be asked for. */
export interface ListReplaysQuery {
  /** Of this endpoint: its id. */
  readonly endpoint?: string | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `recover` takes. */
export interface RecoverBody {
  /** Also what was not delivered since. Default: only what was missed. */
  readonly since?: string | null | undefined;
}

/** What `getStats` can be asked for. */
export interface GetStatsQuery {
  /** What happened at or after it. Default: an hour before `until`. */
  readonly since?: string | undefined;
  /** And before it. Default: now. */
  readonly until?: string | undefined;
  /** Minutes are kept for seven hours. Default: `minute` where `since` is within them, else `hour`. */
  readonly resolution?: "minute" | "hour" | undefined;
}

/** What `getInstallationStats` can be asked for. */
export interface GetInstallationStatsQuery {
  /** What happened at or after it. Default: an hour before `until`. */
  readonly since?: string | undefined;
  /** And before it. Default: now. */
  readonly until?: string | undefined;
  /** Minutes are kept for seven hours. Default: `minute` where `since` is within them, else `hour`. */
  readonly resolution?: "minute" | "hour" | undefined;
}

/** What `createListener` takes. */
export interface CreateListenerBody {
  /** Where requests go: http or https, at an address that may be called. */
  readonly url: string;
  /** By name; it stays for good. Default: the tenant's. */
  readonly contract?: string | null | undefined;
  /** In the form that the contract wants. Default: one is made. */
  readonly secret?: string | null | undefined;
  /** The contract's own. */
  readonly settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What `renderEvent` takes. */
export interface RenderEventBody {
  /** Where requests go: http or https, at an address that may be called. */
  readonly url: string;
  /** By name; it stays for good. Default: the tenant's. */
  readonly contract?: string | null | undefined;
  /** In the form that the contract wants. Default: one is made. */
  readonly secret?: string | null | undefined;
  /** The contract's own. */
  readonly settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What `watch` can be asked for. */
export interface WatchQuery {
  /** Of what, with commas: event, attempt, delivery, gap, lane. Default: all. */
  readonly kinds?: string | undefined;
  /** Of which event types: names, or globs, with commas. Lanes and gaps have none. */
  readonly types?: string | undefined;
  /**
   * Deliveries that come to these states: pending, retrying, delivered, rejected, dead, cancelled, expired.
   * Nothing else.
   */
  readonly states?: string | undefined;
  /** Of one endpoint. No events. */
  readonly endpoint?: string | undefined;
}

/** What `watchAll` can be asked for. */
export interface WatchAllQuery {
  /** Of what, with commas: event, attempt, delivery, gap, lane. Default: all. */
  readonly kinds?: string | undefined;
  /** Of which event types: names, or globs, with commas. Lanes and gaps have none. */
  readonly types?: string | undefined;
  /**
   * Deliveries that come to these states: pending, retrying, delivered, rejected, dead, cancelled, expired.
   * Nothing else.
   */
  readonly states?: string | undefined;
  /** Of one endpoint. No events. */
  readonly endpoint?: string | undefined;
}

/** What `listCatalogueTypes` can be asked for. */
export interface ListCatalogueTypesQuery {
  /** Default: all. */
  readonly contract?: string | undefined;
}

/** What `renderSample` takes. */
export interface RenderSampleBody {
  /** Of the event; nothing has to know it. */
  readonly type: string;
  /** Default: the tenant's example of the type, else a catalogue's, else any. */
  readonly data?: unknown;
  /** What it happened to. Default: the example's. */
  readonly subject?: string | null | undefined;
  /** One contract alone. Default: every one. */
  readonly contract?: string | null | undefined;
  /** As this endpoint, by its id, instead of as contracts. */
  readonly endpoint?: string | null | undefined;
}

/** What `registerEventType` takes. */
export interface RegisterEventTypeBody {
  /** Without commas or control characters. */
  readonly name: string;
  /** For people. */
  readonly description?: string | null | undefined;
  /** A JSON Schema, 2020-12, of `data`. Default: the catalogue's, if it has one. */
  readonly schema?: unknown;
  /** A `data` that fits the schema. */
  readonly example?: unknown;
  /** Default: reject for a schema given here, what the tenant says for one of the catalogue. */
  readonly validation?: "off" | "warn" | "reject" | null | undefined;
  /** Default: false, or true with a successor. */
  readonly deprecated?: boolean | undefined;
  /** What takes its place. */
  readonly successor?: string | null | undefined;
}

/** What `listEventTypes` can be asked for. */
export interface ListEventTypesQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `updateEventType` takes. */
export interface UpdateEventTypeBody {
  /** For people. */
  readonly description?: string | null | undefined;
  /** A JSON Schema, 2020-12, of `data`. Default: the catalogue's, if it has one. */
  readonly schema?: unknown;
  /** A `data` that fits the schema. */
  readonly example?: unknown;
  /** Default: reject for a schema given here, what the tenant says for one of the catalogue. */
  readonly validation?: "off" | "warn" | "reject" | null | undefined;
  /** Default: false, or true with a successor. */
  readonly deprecated?: boolean | undefined;
  /** What takes its place. */
  readonly successor?: string | null | undefined;
}

/** What `listSchemaVersions` can be asked for. */
export interface ListSchemaVersionsQuery {
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `createPortalSession` takes. */
export interface CreatePortalSessionBody {
  /** Seconds that the session lasts once the link was opened. Default: an hour. */
  readonly expires_in?: number | undefined;
  /** What it may do. Default: all that the portal has screens for, and the key may do. */
  readonly scopes?: readonly (
    | "events:read"
    | "deliveries:read"
    | "deliveries:write"
    | "endpoints:read"
    | "endpoints:write"
  )[] | undefined;
}

/** What `listAudit` can be asked for. */
export interface ListAuditQuery {
  /** What was done: the operation's name in this description, such as createEndpoint. */
  readonly action?: string | undefined;
  /** Who did it: the id of a key, or of a session. */
  readonly by?: string | undefined;
  /** A time: done from then on. */
  readonly since?: string | undefined;
  /** A time: done before then. */
  readonly until?: string | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `listTenantAudit` can be asked for. */
export interface ListTenantAuditQuery {
  /** What was done: the operation's name in this description, such as createEndpoint. */
  readonly action?: string | undefined;
  /** Who did it: the id of a key, or of a session. */
  readonly by?: string | undefined;
  /** A time: done from then on. */
  readonly since?: string | undefined;
  /** A time: done before then. */
  readonly until?: string | undefined;
  /** The next_cursor of the page before. */
  readonly cursor?: string | undefined;
  /** Default: 50. */
  readonly limit?: number | undefined;
}

/** What `advanceClock` takes. */
export interface AdvanceClockBody {
  /** How far ahead, in milliseconds: at most 31 days. */
  readonly by_ms: number;
}

/**
 * Everything a server can be asked for. In the examples `posthorn` is a client, `tenant` the id of a
 * tenant, and `receiver` a URL that takes what it is sent; `deliveryOf` and `until` wait for what they
 * are asked. docs/reference/client.md of the repository has them, and the examples as whole programs.
 */
export interface Operations {
  /**
   * Create a tenant. Needs an admin key.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createTenant({ name: "Example Roasters", contract: "bubblehouse" });
   * await posthorn.updateTenant(id, { retention: { payload_days: 30 } });
   * const { name, contract, retention } = await posthorn.getTenant(id);
   * console.log(name, contract, retention.payload_days); // → Example Roasters bubblehouse 30
   * for await (const one of posthorn.listTenants()) {
   *   if (one.id === id) console.log(one.name); // → Example Roasters
   * }
   * ```
   */
  createTenant(body: CreateTenantBody, options?: CallOptions): Promise<Tenant>;
  /**
   * List tenants. Needs an admin key.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createTenant({ name: "Example Roasters", contract: "bubblehouse" });
   * await posthorn.updateTenant(id, { retention: { payload_days: 30 } });
   * const { name, contract, retention } = await posthorn.getTenant(id);
   * console.log(name, contract, retention.payload_days); // → Example Roasters bubblehouse 30
   * for await (const one of posthorn.listTenants()) {
   *   if (one.id === id) console.log(one.name); // → Example Roasters
   * }
   * ```
   */
  listTenants(query?: ListTenantsQuery, options?: CallOptions): Pages<Tenant>;
  /**
   * Get a tenant. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createTenant({ name: "Example Roasters", contract: "bubblehouse" });
   * await posthorn.updateTenant(id, { retention: { payload_days: 30 } });
   * const { name, contract, retention } = await posthorn.getTenant(id);
   * console.log(name, contract, retention.payload_days); // → Example Roasters bubblehouse 30
   * for await (const one of posthorn.listTenants()) {
   *   if (one.id === id) console.log(one.name); // → Example Roasters
   * }
   * ```
   */
  getTenant(tenant: string, options?: CallOptions): Promise<Tenant>;
  /**
   * Change a tenant. Needs an admin key.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createTenant({ name: "Example Roasters", contract: "bubblehouse" });
   * await posthorn.updateTenant(id, { retention: { payload_days: 30 } });
   * const { name, contract, retention } = await posthorn.getTenant(id);
   * console.log(name, contract, retention.payload_days); // → Example Roasters bubblehouse 30
   * for await (const one of posthorn.listTenants()) {
   *   if (one.id === id) console.log(one.name); // → Example Roasters
   * }
   * ```
   */
  updateTenant(tenant: string, body: UpdateTenantBody, options?: CallOptions): Promise<Tenant>;
  /**
   * Delete a tenant, and erase everything that was its. Needs an admin key.
   *
   * @example
   * ```ts
   * import { PosthornError } from "@posthorn/client/posthorn-error";
   *
   * const { id } = await posthorn.createTenant({ name: "Example Boutique", contract: "bspk" });
   * await posthorn.deleteTenant(id);
   * try {
   *   await posthorn.getTenant(id);
   * } catch (error) {
   *   console.log(error instanceof PosthornError && error.code); // → not_found
   * }
   * ```
   */
  deleteTenant(tenant: string, options?: CallOptions): Promise<void>;
  /**
   * Make an API key. Needs an admin key.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * const { id, key } = await posthorn.createKey(tenant, { name: "checkout", scopes: ["events:write"] });
   * const checkout = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", key });
   * await checkout.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * for await (const { name, scopes } of posthorn.listKeys(tenant)) {
   *   console.log(name, scopes); // → checkout [ 'events:write' ]
   * }
   * await posthorn.revokeKey(tenant, id);
   * ```
   */
  createKey(tenant: string, body: CreateKeyBody, options?: CallOptions): Promise<NewApiKey>;
  /**
   * List API keys. Needs an admin key.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * const { id, key } = await posthorn.createKey(tenant, { name: "checkout", scopes: ["events:write"] });
   * const checkout = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", key });
   * await checkout.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * for await (const { name, scopes } of posthorn.listKeys(tenant)) {
   *   console.log(name, scopes); // → checkout [ 'events:write' ]
   * }
   * await posthorn.revokeKey(tenant, id);
   * ```
   */
  listKeys(tenant: string, options?: CallOptions): Pages<ApiKey>;
  /**
   * Revoke an API key, at once. Needs an admin key.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * const { id, key } = await posthorn.createKey(tenant, { name: "checkout", scopes: ["events:write"] });
   * const checkout = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", key });
   * await checkout.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * for await (const { name, scopes } of posthorn.listKeys(tenant)) {
   *   console.log(name, scopes); // → checkout [ 'events:write' ]
   * }
   * await posthorn.revokeKey(tenant, id);
   * ```
   */
  revokeKey(tenant: string, key: string, options?: CallOptions): Promise<void>;
  /**
   * Create an endpoint. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, {
   *   url: "https://shop.example.com/hooks/:name",
   *   contract: "bubblehouse",
   *   event_types: ["Points *", "Tier Reached"],
   *   settings: { urgency: "urgent" },
   * });
   * console.log(endpoint.id, endpoint.state, endpoint.event_types);
   * // → ep_… enabled [ 'Points *', 'Tier Reached' ]
   * console.log(endpoint.secret); // → …=
   * // It is shown this once: the receiver verifies requests with it.
   * ```
   */
  createEndpoint(tenant: string, body: CreateEndpointBody, options?: CallOptions): Promise<NewEndpoint>;
  /**
   * List endpoints, newest first. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * const url = `${receiver}/:name`;
   * const { id } = await posthorn.createEndpoint(tenant, { url, contract: "bubblehouse" });
   * const { lane, missed } = await posthorn.getEndpoint(tenant, id);
   * console.log(lane.discipline, lane.waiting, lane.held_since, missed); // → ordered 0 null 0
   * for await (const { contract, lane: listed } of posthorn.listEndpoints(tenant, { include: "lane" })) {
   *   console.log(contract, listed?.needs_attention); // → bubblehouse false
   * }
   * ```
   */
  listEndpoints(tenant: string, query?: ListEndpointsQuery, options?: CallOptions): Pages<ListedEndpoint>;
  /**
   * List the endpoints of all tenants that are held, failing or stopped, newest first. Needs an admin key.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: `${receiver}/:name`, contract: "bubblehouse" });
   * const data = { customer: { shopid: "12345" }, extra_props: { BH_Points: 50 } };
   * const { id } = await posthorn.sendEvent(tenant, { type: "Points Updated", data });
   * await deliveryOf(id);
   * for await (const { tenant: whose, lane } of posthorn.listTroubledEndpoints()) {
   *   if (whose === tenant) console.log(lane.waiting, lane.reason); // → 1 status_500
   * }
   * ```
   */
  listTroubledEndpoints(query?: ListTroubledEndpointsQuery, options?: CallOptions): Pages<TroubledEndpoint>;
  /**
   * Get an endpoint, and how its deliveries are going. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * const url = `${receiver}/:name`;
   * const { id } = await posthorn.createEndpoint(tenant, { url, contract: "bubblehouse" });
   * const { lane, missed } = await posthorn.getEndpoint(tenant, id);
   * console.log(lane.discipline, lane.waiting, lane.held_since, missed); // → ordered 0 null 0
   * for await (const { contract, lane: listed } of posthorn.listEndpoints(tenant, { include: "lane" })) {
   *   console.log(contract, listed?.needs_attention); // → bubblehouse false
   * }
   * ```
   */
  getEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<EndpointStatus>;
  /**
   * Change an endpoint. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const url = "https://crm.example.com/bspk";
   * const given = { url, contract: "bspk", event_types: ["client.*"] };
   * const { id } = await posthorn.createEndpoint(tenant, given);
   * const changed = await posthorn.updateEndpoint(tenant, id, { event_types: ["shopper.*"] });
   * console.log(changed.url === url, changed.event_types); // → true [ 'shopper.*' ]
   *
   * await posthorn.deleteEndpoint(tenant, id);
   * console.log((await posthorn.listEndpoints(tenant).page()).data); // → []
   * ```
   */
  updateEndpoint(
    tenant: string,
    endpoint: string,
    body: UpdateEndpointBody,
    options?: CallOptions,
  ): Promise<UpdatedEndpoint>;
  /**
   * Delete an endpoint. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const url = "https://crm.example.com/bspk";
   * const given = { url, contract: "bspk", event_types: ["client.*"] };
   * const { id } = await posthorn.createEndpoint(tenant, given);
   * const changed = await posthorn.updateEndpoint(tenant, id, { event_types: ["shopper.*"] });
   * console.log(changed.url === url, changed.event_types); // → true [ 'shopper.*' ]
   *
   * await posthorn.deleteEndpoint(tenant, id);
   * console.log((await posthorn.listEndpoints(tenant).page()).data); // → []
   * ```
   */
  deleteEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<void>;
  /**
   * Give it a new secret; the old one stays valid for a while. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
   * const rotated = await posthorn.rotateSecret(tenant, id, { overlap_seconds: 3600 });
   * console.log(rotated.secret); // → whsec_…
   * console.log(rotated.secrets.map(({ expires_at }) => expires_at)); // → [ null, '…Z' ]
   * ```
   */
  rotateSecret(
    tenant: string,
    endpoint: string,
    body?: RotateSecretBody,
    options?: CallOptions,
  ): Promise<RotatedEndpoint>;
  /**
   * Enable it: it is owed what comes from now on. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * console.log((await posthorn.disableEndpoint(tenant, id)).state); // → disabled
   * await posthorn.sendEvent(tenant, { type: "process_run_end", subject: "686e28ba", data: { score: 0 } });
   * console.log((await posthorn.enableEndpoint(tenant, id)).state); // → enabled
   * console.log((await posthorn.getEndpoint(tenant, id)).missed); // → 1
   * ```
   */
  enableEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<Endpoint>;
  /**
   * Disable it: what waits is given up and counted as missed. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * console.log((await posthorn.disableEndpoint(tenant, id)).state); // → disabled
   * await posthorn.sendEvent(tenant, { type: "process_run_end", subject: "686e28ba", data: { score: 0 } });
   * console.log((await posthorn.enableEndpoint(tenant, id)).state); // → enabled
   * console.log((await posthorn.getEndpoint(tenant, id)).missed); // → 1
   * ```
   */
  disableEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<Endpoint>;
  /**
   * Pause it: everything waits, and keeps its place. Needs a key with the scope `endpoints:write` or
   * `deliveries:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * console.log((await posthorn.pauseEndpoint(tenant, id)).state); // → paused
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await posthorn.getEndpoint(tenant, id)).lane.waiting); // → 1
   * await posthorn.resumeEndpoint(tenant, id);
   * console.log((await deliveryOf(event.id)).state); // → delivered
   * ```
   */
  pauseEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<Endpoint>;
  /**
   * Let a paused one go on, and try now what holds up an enabled one. Needs a key with the scope
   * `endpoints:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * console.log((await posthorn.pauseEndpoint(tenant, id)).state); // → paused
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await posthorn.getEndpoint(tenant, id)).lane.waiting); // → 1
   * await posthorn.resumeEndpoint(tenant, id);
   * console.log((await deliveryOf(event.id)).state); // → delivered
   * ```
   */
  resumeEndpoint(tenant: string, endpoint: string, options?: CallOptions): Promise<Endpoint>;
  /**
   * Go on behind the delivery that everything waits for, or behind all up to a place. Needs a key with the
   * scope `endpoints:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * const url = `${receiver}/:name`;
   * const endpoint = await posthorn.createEndpoint(tenant, { url, contract: "bubblehouse" });
   * const data = { customer: { shopid: "12345" }, extra_props: { BH_Points: 50 } };
   * const { id } = await posthorn.sendEvent(tenant, { type: "Points Updated", data });
   * await deliveryOf(id);
   * console.log((await posthorn.getEndpoint(tenant, endpoint.id)).lane.is_skippable); // → true
   * console.log(await posthorn.skip(tenant, endpoint.id)); // → { skipped: 1 }
   * ```
   */
  skip(
    tenant: string,
    endpoint: string,
    body?: SkipBody,
    options?: CallOptions,
  ): Promise<{
    /** Deliveries that will not be made. */
    readonly skipped: number;
    /** There are more than were counted. */
    readonly skipped_is_at_least?: true | undefined;
  }>;
  /**
   * Get the public keys that its signatures are verified with.
   *
   * @example
   * ```ts
   * const { id, public_key } = await posthorn.createEndpoint(tenant, {
   *   url: "https://hooks.example.com/",
   *   settings: { signature: "v1a" },
   * });
   * console.log(public_key); // → whpk_…
   * const { keys } = await posthorn.getJwks(tenant, id);
   * console.log(keys);
   * // → [ { crv: 'Ed25519', kty: 'OKP', x: '…', kid: '…', alg: 'EdDSA', use: 'sig' } ]
   * ```
   */
  getJwks(
    tenant: string,
    endpoint: string,
    options?: CallOptions,
  ): Promise<{
    readonly keys: readonly Readonly<Record<string, unknown>>[];
  }>;
  /**
   * Hand over one event, or several; answered when they are durable. Needs a key with the scope
   * `events:write`.
   *
   * @example
   * ```ts
   * const customers = ["686e28baebd46db5a35beccb", "68777232009ac594ff34644f"];
   * const { data } = await posthorn.sendEvents(
   *   tenant,
   *   customers.map((spektrId) => ({
   *     type: "customer_status_changed",
   *     subject: spektrId,
   *     data: { spektr_id: spektrId, oldStatus: "pending", newStatus: "approved" },
   *   })),
   * );
   * console.log(data.map(({ id, type }) => `${type} ${id}`));
   * // → [ 'customer_status_changed evt_…', 'customer_status_changed evt_…' ]
   * ```
   */
  sendEvents(
    tenant: string,
    body: NewEvent | readonly NewEvent[],
    options?: CallOptions,
  ): Promise<Accepted | AcceptedList>;
  /**
   * List events, newest first. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.sendEvents(tenant, [
   *   { type: "Points Updated", subject: "12345", data: { customer: { shopid: "12345" } } },
   *   { type: "Tier Reached", subject: "12345", data: { customer: { shopid: "12345" } } },
   * ]);
   * for await (const { type, subject } of posthorn.listEvents(tenant, { subject: "12345" })) {
   *   console.log(type, subject); // → Tier Reached 12345 → Points Updated 12345
   * }
   * const { data, next_cursor } = await posthorn.listEvents(tenant, { limit: 1 }).page();
   * console.log(data.length, next_cursor === null); // → 1 false
   * ```
   */
  listEvents(tenant: string, query?: ListEventsQuery, options?: CallOptions): Pages<Event>;
  /**
   * Get an event with its data. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const { id } = await posthorn.sendEvent(tenant, { type: "shopper.created", data: { ref: "C-720" } });
   * await deliveryOf(id);
   * const { data, summary } = await posthorn.getEvent(tenant, id);
   * console.log(data, summary.delivered, summary.pending); // → { ref: 'C-720' } 1 0
   * ```
   */
  getEvent(tenant: string, event: string, options?: CallOptions): Promise<EventWithData>;
  /**
   * Erase what an event says, for good. Needs a key with the scope `events:erase`.
   *
   * @example
   * ```ts
   * const event = { type: "shopper.updated", subject: "C-720", data: { email: "mina@shopper.example" } };
   * const { id } = await posthorn.sendEvent(tenant, event);
   * await posthorn.eraseEvent(tenant, id);
   * const { data, is_erased } = await posthorn.getEvent(tenant, id);
   * console.log(data, is_erased); // → null true
   *
   * await posthorn.sendEvent(tenant, event);
   * await posthorn.eraseSubject(tenant, "C-720");
   * console.log((await posthorn.listEvents(tenant, { subject: "C-720" }).page()).data); // → []
   * ```
   */
  eraseEvent(tenant: string, event: string, options?: CallOptions): Promise<void>;
  /**
   * Erase what all events of a subject say, for good. Needs a key with the scope `events:erase`.
   *
   * @example
   * ```ts
   * const event = { type: "shopper.updated", subject: "C-720", data: { email: "mina@shopper.example" } };
   * const { id } = await posthorn.sendEvent(tenant, event);
   * await posthorn.eraseEvent(tenant, id);
   * const { data, is_erased } = await posthorn.getEvent(tenant, id);
   * console.log(data, is_erased); // → null true
   *
   * await posthorn.sendEvent(tenant, event);
   * await posthorn.eraseSubject(tenant, "C-720");
   * console.log((await posthorn.listEvents(tenant, { subject: "C-720" }).page()).data); // → []
   * ```
   */
  eraseSubject(tenant: string, subject: string, options?: CallOptions): Promise<void>;
  /**
   * Send an event to this endpoint and no other. Needs a key with the scope `endpoints:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * const { id, type } = await posthorn.sendTest(tenant, endpoint.id, { type: "process_run_end" });
   * console.log(type, (await deliveryOf(id)).state); // → process_run_end delivered
   * ```
   */
  sendTest(tenant: string, endpoint: string, body?: SendTestBody, options?: CallOptions): Promise<Accepted>;
  /**
   * Ask where the test receiver of a server in development is, and how it answers. Needs a key with the scope
   * `endpoints:read`.
   *
   * @example
   * ```ts
   * const { url, answer } = await posthorn.getTestReceiver(tenant);
   * console.log(url, answer.status); // → http://127.0.0.1:… 200
   * await posthorn.setTestReceiver(tenant, { status: 422 });
   * await posthorn.createEndpoint(tenant, { url: url ?? "", contract: "bspk" });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await deliveryOf(id)).state); // → rejected
   * ```
   */
  getTestReceiver(tenant: string, options?: CallOptions): Promise<TestReceiver>;
  /**
   * Let the test receiver answer otherwise, until the server ends. Needs a key with the scope
   * `endpoints:write`.
   *
   * @example
   * ```ts
   * const { url, answer } = await posthorn.getTestReceiver(tenant);
   * console.log(url, answer.status); // → http://127.0.0.1:… 200
   * await posthorn.setTestReceiver(tenant, { status: 422 });
   * await posthorn.createEndpoint(tenant, { url: url ?? "", contract: "bspk" });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await deliveryOf(id)).state); // → rejected
   * ```
   */
  setTestReceiver(tenant: string, body: SetTestReceiverBody, options?: CallOptions): Promise<TestReceiver>;
  /**
   * List deliveries, newest event first. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 422 });
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(id);
   * for await (const { type, attempts, reason } of posthorn.listDeliveries(tenant, { state: "rejected" })) {
   *   console.log(type, attempts, reason); // → cart.created 1 status_422
   * }
   * console.log((await posthorn.listDeliveriesOfEvent(tenant, id).page()).data.length); // → 1
   * ```
   */
  listDeliveries(tenant: string, query?: ListDeliveriesQuery, options?: CallOptions): Pages<Delivery>;
  /**
   * List the deliveries of one event. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 422 });
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(id);
   * for await (const { type, attempts, reason } of posthorn.listDeliveries(tenant, { state: "rejected" })) {
   *   console.log(type, attempts, reason); // → cart.created 1 status_422
   * }
   * console.log((await posthorn.listDeliveriesOfEvent(tenant, id).page()).data.length); // → 1
   * ```
   */
  listDeliveriesOfEvent(
    tenant: string,
    event: string,
    query?: ListDeliveriesOfEventQuery,
    options?: CallOptions,
  ): Pages<Delivery>;
  /**
   * List the endpoints that were not owed an event, and why. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, event_types: ["shopper.*"] });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * for await (const { event_types, reasons } of posthorn.listUnmatched(tenant, id)) {
   *   console.log(event_types, reasons); // → [ 'shopper.*' ] [ 'not_subscribed' ]
   * }
   * ```
   */
  listUnmatched(
    tenant: string,
    event: string,
    query?: ListUnmatchedQuery,
    options?: CallOptions,
  ): Pages<UnmatchedEndpoint>;
  /**
   * Get a delivery. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { id, state, attempts } = await deliveryOf(event.id);
   * console.log(state, attempts); // → retrying 1
   * await posthorn.setTestReceiver(tenant, { status: 200 });
   * await posthorn.retryDelivery(tenant, id);
   * await until(async () => (await posthorn.getDelivery(tenant, id)).state === "delivered");
   * ```
   */
  getDelivery(tenant: string, delivery: string, options?: CallOptions): Promise<Delivery>;
  /**
   * Try it again now, not when its schedule says. Needs a key with the scope `events:write` or
   * `deliveries:write`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { id, state, attempts } = await deliveryOf(event.id);
   * console.log(state, attempts); // → retrying 1
   * await posthorn.setTestReceiver(tenant, { status: 200 });
   * await posthorn.retryDelivery(tenant, id);
   * await until(async () => (await posthorn.getDelivery(tenant, id)).state === "delivered");
   * ```
   */
  retryDelivery(tenant: string, delivery: string, options?: CallOptions): Promise<Delivery>;
  /**
   * Send it again, although it is settled. Needs a key with the scope `events:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "shopper.deleted", data: { id: 123 } });
   * const { id } = await deliveryOf(event.id);
   * await posthorn.replayDelivery(tenant, id);
   * const attempts = () => posthorn.listAttempts(tenant, { event: event.id }).page();
   * await until(async () => (await attempts()).data.length === 2);
   * console.log((await attempts()).data.map(({ is_replay, verdict }) => [is_replay, verdict]));
   * // → [ [ true, 'delivered' ], [ false, 'delivered' ] ]
   * ```
   */
  replayDelivery(tenant: string, delivery: string, options?: CallOptions): Promise<Delivery>;
  /**
   * Give it up. Needs a key with the scope `events:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { id, next_attempt_at } = await deliveryOf(event.id);
   * console.log(next_attempt_at); // → …Z
   * const { state, reason } = await posthorn.cancelDelivery(tenant, id);
   * console.log(state, reason); // → cancelled cancelled
   * ```
   */
  cancelDelivery(tenant: string, delivery: string, options?: CallOptions): Promise<Delivery>;
  /**
   * List requests that were made, newest event first. Needs a key with the scope `events:read` or
   * `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(event.id);
   * for await (const { id } of posthorn.listAttempts(tenant, { event: event.id })) {
   *   const { verdict, status, answer } = await posthorn.getAttempt(tenant, id);
   *   console.log(verdict, status, answer); // → delivered 200 {"outcome":"sent"}
   *   const { request, matches } = await posthorn.getSentRequest(tenant, id);
   *   console.log(atob(request?.payload ?? ""), matches);
   *   // → {"event_name":"cart.created","object":{"id":456}} true
   * }
   * ```
   */
  listAttempts(tenant: string, query?: ListAttemptsQuery, options?: CallOptions): Pages<Attempt>;
  /**
   * Get an attempt. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(event.id);
   * for await (const { id } of posthorn.listAttempts(tenant, { event: event.id })) {
   *   const { verdict, status, answer } = await posthorn.getAttempt(tenant, id);
   *   console.log(verdict, status, answer); // → delivered 200 {"outcome":"sent"}
   *   const { request, matches } = await posthorn.getSentRequest(tenant, id);
   *   console.log(atob(request?.payload ?? ""), matches);
   *   // → {"event_name":"cart.created","object":{"id":456}} true
   * }
   * ```
   */
  getAttempt(tenant: string, attempt: string, options?: CallOptions): Promise<Attempt>;
  /**
   * Get the request of an attempt, made again without credentials and compared by its hash. Needs a key with
   * the scope `events:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(event.id);
   * for await (const { id } of posthorn.listAttempts(tenant, { event: event.id })) {
   *   const { verdict, status, answer } = await posthorn.getAttempt(tenant, id);
   *   console.log(verdict, status, answer); // → delivered 200 {"outcome":"sent"}
   *   const { request, matches } = await posthorn.getSentRequest(tenant, id);
   *   console.log(atob(request?.payload ?? ""), matches);
   *   // → {"event_name":"cart.created","object":{"id":456}} true
   * }
   * ```
   */
  getSentRequest(tenant: string, attempt: string, options?: CallOptions): Promise<SentRequest>;
  /**
   * Deliver a range again, or count what that would be. Needs a key with the scope `events:write` or
   * `deliveries:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
   * const { id, accepted_at: since } = await posthorn.sendEvent(tenant, runEnd);
   * await deliveryOf(id);
   * const range = { endpoint: endpoint.id, since, only: "all" } as const;
   * console.log(await posthorn.createReplay(tenant, { ...range, dry_run: true })); // → { count: 1 }
   * const replay = await posthorn.createReplay(tenant, range);
   * await until(async () => (await posthorn.getReplay(tenant, replay.id)).state === "finished");
   * console.log((await posthorn.getReplay(tenant, replay.id)).delivered); // → 1
   * ```
   */
  createReplay(tenant: string, body: CreateReplayBody, options?: CallOptions): Promise<ReplayCount | Replay>;
  /**
   * List replays, newest first. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const cart = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(cart.id);
   * await posthorn.setTestReceiver(tenant, { is_silent: true });
   * const range = { endpoint: endpoint.id, since: cart.accepted_at, only: "all", rate: 5 } as const;
   * const { id } = await posthorn.createReplay(tenant, range);
   * console.log((await posthorn.pauseReplay(tenant, id)).state); // → paused
   * console.log((await posthorn.resumeReplay(tenant, id)).state); // → running
   * console.log((await posthorn.cancelReplay(tenant, id)).state); // → cancelled
   * console.log((await posthorn.listReplays(tenant).page()).data.length); // → 1
   * ```
   */
  listReplays(tenant: string, query?: ListReplaysQuery, options?: CallOptions): Pages<Replay>;
  /**
   * Get a replay and how far it is. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
   * const { id, accepted_at: since } = await posthorn.sendEvent(tenant, runEnd);
   * await deliveryOf(id);
   * const range = { endpoint: endpoint.id, since, only: "all" } as const;
   * console.log(await posthorn.createReplay(tenant, { ...range, dry_run: true })); // → { count: 1 }
   * const replay = await posthorn.createReplay(tenant, range);
   * await until(async () => (await posthorn.getReplay(tenant, replay.id)).state === "finished");
   * console.log((await posthorn.getReplay(tenant, replay.id)).delivered); // → 1
   * ```
   */
  getReplay(tenant: string, replay: string, options?: CallOptions): Promise<Replay>;
  /**
   * Pause a replay. Needs a key with the scope `events:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const cart = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(cart.id);
   * await posthorn.setTestReceiver(tenant, { is_silent: true });
   * const range = { endpoint: endpoint.id, since: cart.accepted_at, only: "all", rate: 5 } as const;
   * const { id } = await posthorn.createReplay(tenant, range);
   * console.log((await posthorn.pauseReplay(tenant, id)).state); // → paused
   * console.log((await posthorn.resumeReplay(tenant, id)).state); // → running
   * console.log((await posthorn.cancelReplay(tenant, id)).state); // → cancelled
   * console.log((await posthorn.listReplays(tenant).page()).data.length); // → 1
   * ```
   */
  pauseReplay(tenant: string, replay: string, options?: CallOptions): Promise<Replay>;
  /**
   * Let a paused replay go on. Needs a key with the scope `events:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const cart = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(cart.id);
   * await posthorn.setTestReceiver(tenant, { is_silent: true });
   * const range = { endpoint: endpoint.id, since: cart.accepted_at, only: "all", rate: 5 } as const;
   * const { id } = await posthorn.createReplay(tenant, range);
   * console.log((await posthorn.pauseReplay(tenant, id)).state); // → paused
   * console.log((await posthorn.resumeReplay(tenant, id)).state); // → running
   * console.log((await posthorn.cancelReplay(tenant, id)).state); // → cancelled
   * console.log((await posthorn.listReplays(tenant).page()).data.length); // → 1
   * ```
   */
  resumeReplay(tenant: string, replay: string, options?: CallOptions): Promise<Replay>;
  /**
   * End a replay. Needs a key with the scope `events:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * const cart = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await deliveryOf(cart.id);
   * await posthorn.setTestReceiver(tenant, { is_silent: true });
   * const range = { endpoint: endpoint.id, since: cart.accepted_at, only: "all", rate: 5 } as const;
   * const { id } = await posthorn.createReplay(tenant, range);
   * console.log((await posthorn.pauseReplay(tenant, id)).state); // → paused
   * console.log((await posthorn.resumeReplay(tenant, id)).state); // → running
   * console.log((await posthorn.cancelReplay(tenant, id)).state); // → cancelled
   * console.log((await posthorn.listReplays(tenant).page()).data.length); // → 1
   * ```
   */
  cancelReplay(tenant: string, replay: string, options?: CallOptions): Promise<Replay>;
  /**
   * Deliver what an endpoint missed while it was disabled, or since a time. Needs a key with the scope
   * `endpoints:write` or `deliveries:write`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * await posthorn.disableEndpoint(tenant, id);
   * const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
   * const event = await posthorn.sendEvent(tenant, runEnd);
   * await posthorn.enableEndpoint(tenant, id);
   * const { missed, replay } = await posthorn.recover(tenant, id);
   * console.log(missed, replay?.only); // → 1 missed
   * await deliveryOf(event.id);
   * ```
   */
  recover(tenant: string, endpoint: string, body?: RecoverBody, options?: CallOptions): Promise<Recovery>;
  /**
   * Count what was accepted and what became of it, by the minute or by the hour. Needs a key with the scope
   * `deliveries:read` or `events:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await until(async () => (await posthorn.getStats(tenant)).total.delivered === 1);
   * const { total, points } = await posthorn.getStats(tenant, { resolution: "minute" });
   * console.log(total.accepted, total.dead, points[0]?.at); // → 1 0 …:00.000Z
   * console.log(total.accepted_to_delivered); // → { p50_ms: …, p95_ms: …, p99_ms: … }
   * const all = await posthorn.getInstallationStats();
   * console.log(all.total.accepted >= total.accepted); // → true
   * ```
   */
  getStats(tenant: string, query?: GetStatsQuery, options?: CallOptions): Promise<Stats>;
  /**
   * Ask what waits of a tenant, and is on its way. Needs a key with the scope `deliveries:read` or
   * `events:read`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
   * await posthorn.pauseEndpoint(tenant, id);
   * await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { deliveries_waiting_at_least, oldest_due_at } = await posthorn.getStanding(tenant);
   * console.log(deliveries_waiting_at_least, oldest_due_at); // → 1 null
   * const { lanes_held, is_partial = false } = await posthorn.getInstallationStanding();
   * console.log(`${lanes_held} of all tenants are held`, is_partial);
   * // → … of all tenants are held false
   * ```
   */
  getStanding(tenant: string, options?: CallOptions): Promise<Standing>;
  /**
   * Count what was accepted and what became of it, for all tenants together. Needs an admin key.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * await until(async () => (await posthorn.getStats(tenant)).total.delivered === 1);
   * const { total, points } = await posthorn.getStats(tenant, { resolution: "minute" });
   * console.log(total.accepted, total.dead, points[0]?.at); // → 1 0 …:00.000Z
   * console.log(total.accepted_to_delivered); // → { p50_ms: …, p95_ms: …, p99_ms: … }
   * const all = await posthorn.getInstallationStats();
   * console.log(all.total.accepted >= total.accepted); // → true
   * ```
   */
  getInstallationStats(query?: GetInstallationStatsQuery, options?: CallOptions): Promise<Stats>;
  /**
   * Ask what waits of all tenants, and is on its way. Needs an admin key.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
   * await posthorn.pauseEndpoint(tenant, id);
   * await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { deliveries_waiting_at_least, oldest_due_at } = await posthorn.getStanding(tenant);
   * console.log(deliveries_waiting_at_least, oldest_due_at); // → 1 null
   * const { lanes_held, is_partial = false } = await posthorn.getInstallationStanding();
   * console.log(`${lanes_held} of all tenants are held`, is_partial);
   * // → … of all tenants are held false
   * ```
   */
  getInstallationStanding(options?: CallOptions): Promise<InstallationStanding>;
  /**
   * Make what somebody needs to listen; nothing is stored, and nothing is sent from here. Needs a key with
   * the scope `events:read`.
   *
   * @example
   * ```ts
   * const target = { url: "http://127.0.0.1:3000/webhooks", contract: "standard" };
   * const { secret } = await posthorn.createListener(tenant, target);
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { request } = await posthorn.renderEvent(tenant, id, { ...target, secret });
   * console.log(request?.method, request?.url); // → POST http://127.0.0.1:3000/webhooks
   * console.log(Object.keys(request?.headers ?? {}));
   * // → [ 'user-agent', 'content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature' ]
   * ```
   */
  createListener(tenant: string, body: CreateListenerBody, options?: CallOptions): Promise<Listener>;
  /**
   * Get the request that an endpoint would get of an event, to make it oneself. Needs a key with the scope
   * `events:read`.
   *
   * @example
   * ```ts
   * const target = { url: "http://127.0.0.1:3000/webhooks", contract: "standard" };
   * const { secret } = await posthorn.createListener(tenant, target);
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * const { request } = await posthorn.renderEvent(tenant, id, { ...target, secret });
   * console.log(request?.method, request?.url); // → POST http://127.0.0.1:3000/webhooks
   * console.log(Object.keys(request?.headers ?? {}));
   * // → [ 'user-agent', 'content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature' ]
   * ```
   */
  renderEvent(tenant: string, event: string, body: RenderEventBody, options?: CallOptions): Promise<Rendered>;
  /**
   * Watch what happens to a tenant's events. Needs a key with the scope `events:read` or `deliveries:read`.
   *
   * @example
   * ```ts
   * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
   * for await (const message of posthorn.watch(tenant, { states: "delivered" })) {
   *   if (message.kind === "started") {
   *     await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   *   } else if (message.kind === "delivery") {
   *     console.log(message.delivery.type, message.delivery.state); // → cart.created delivered
   *     break;
   *   }
   * }
   * ```
   */
  watch(tenant: string, query?: WatchQuery, options?: CallOptions): Stream<LiveMessage>;
  /**
   * Watch all tenants. Needs an admin key.
   *
   * @example
   * ```ts
   * for await (const message of posthorn.watchAll({ kinds: "event", types: "cart.*" })) {
   *   if (message.kind === "started") {
   *     console.log(message.has_missed); // → false
   *     await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   *   } else if (message.kind === "event" && message.tenant_id === tenant) {
   *     console.log(message.event.type); // → cart.created
   *     break;
   *   }
   * }
   * ```
   */
  watchAll(query?: WatchAllQuery, options?: CallOptions): Stream<LiveMessage>;
  /**
   * List contracts. Needs any key.
   *
   * @example
   * ```ts
   * for await (const { name, discipline, defaults } of posthorn.listContracts()) {
   *   if (name === "bubblehouse") console.log(discipline, defaults.timeout_ms); // → ordered 30000
   * }
   * for await (const { name, deprecated, successor } of posthorn.listCatalogueTypes({ contract: "bspk" })) {
   *   if (deprecated) console.log(`${name}: use ${successor}`);
   *   // → client.created: use shopper.created → client.updated: use shopper.updated
   *   // → client.deleted: use shopper.deleted
   * }
   * ```
   */
  listContracts(options?: CallOptions): Pages<Contract>;
  /**
   * List the event types of contracts. Needs any key.
   *
   * @example
   * ```ts
   * for await (const { name, discipline, defaults } of posthorn.listContracts()) {
   *   if (name === "bubblehouse") console.log(discipline, defaults.timeout_ms); // → ordered 30000
   * }
   * for await (const { name, deprecated, successor } of posthorn.listCatalogueTypes({ contract: "bspk" })) {
   *   if (deprecated) console.log(`${name}: use ${successor}`);
   *   // → client.created: use shopper.created → client.updated: use shopper.updated
   *   // → client.deleted: use shopper.deleted
   * }
   * ```
   */
  listCatalogueTypes(query?: ListCatalogueTypesQuery, options?: CallOptions): Pages<CatalogueType>;
  /**
   * See a sample of an event as contracts or an endpoint would say it; nothing is stored or sent. Needs a key
   * with the scope `events:read`.
   *
   * @example
   * ```ts
   * const { renderings } = await posthorn.renderSample(tenant, { type: "shopper.deleted", data: { id: 7 } });
   * for (const { contract, reason, request } of renderings) {
   *   if (contract === "bspk" && request !== null) console.log(atob(request.payload));
   *   // → {"event_name":"shopper.deleted","object":{"id":7}}
   *   if (contract === "bubblehouse") console.log(reason); // → customer_missing
   * }
   * ```
   */
  renderSample(tenant: string, body: RenderSampleBody, options?: CallOptions): Promise<SampleRenderings>;
  /**
   * Register an event type, with a schema. Needs a key with the scope `events:write`.
   *
   * @example
   * ```ts
   * import { PosthornError } from "@posthorn/client/posthorn-error";
   *
   * const schema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
   * await posthorn.registerEventType(tenant, { name: "cart.shared", schema, example: { id: 456 } });
   * console.log((await posthorn.getEventType(tenant, "cart.shared")).validation); // → reject
   * try {
   *   await posthorn.sendEvent(tenant, { type: "cart.shared", data: { id: "456" } });
   * } catch (error) {
   *   if (error instanceof PosthornError) console.log(error.errors);
   *   // → [ { pointer: '/data/id', detail: 'must be a whole number, got a text' } ]
   * }
   * ```
   */
  registerEventType(tenant: string, body: RegisterEventTypeBody, options?: CallOptions): Promise<EventType>;
  /**
   * List the event types that a tenant knows. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * const name = "cart.shared";
   * await posthorn.registerEventType(tenant, { name, schema: { required: ["id"] } });
   * await posthorn.updateEventType(tenant, name, { schema: true, successor: "cart.created" });
   * for await (const { version, schema } of posthorn.listSchemaVersions(tenant, name)) {
   *   console.log(version, schema); // → 2 true → 1 { required: [ 'id' ] }
   * }
   * for await (const { deprecated, successor } of posthorn.listEventTypes(tenant)) {
   *   console.log(deprecated, successor); // → true cart.created
   * }
   * await posthorn.deleteEventType(tenant, name);
   * ```
   */
  listEventTypes(tenant: string, query?: ListEventTypesQuery, options?: CallOptions): Pages<EventType>;
  /**
   * Get an event type. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * import { PosthornError } from "@posthorn/client/posthorn-error";
   *
   * const schema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
   * await posthorn.registerEventType(tenant, { name: "cart.shared", schema, example: { id: 456 } });
   * console.log((await posthorn.getEventType(tenant, "cart.shared")).validation); // → reject
   * try {
   *   await posthorn.sendEvent(tenant, { type: "cart.shared", data: { id: "456" } });
   * } catch (error) {
   *   if (error instanceof PosthornError) console.log(error.errors);
   *   // → [ { pointer: '/data/id', detail: 'must be a whole number, got a text' } ]
   * }
   * ```
   */
  getEventType(tenant: string, type: string, options?: CallOptions): Promise<EventType>;
  /**
   * Change an event type. Needs a key with the scope `events:write`.
   *
   * @example
   * ```ts
   * const name = "cart.shared";
   * await posthorn.registerEventType(tenant, { name, schema: { required: ["id"] } });
   * await posthorn.updateEventType(tenant, name, { schema: true, successor: "cart.created" });
   * for await (const { version, schema } of posthorn.listSchemaVersions(tenant, name)) {
   *   console.log(version, schema); // → 2 true → 1 { required: [ 'id' ] }
   * }
   * for await (const { deprecated, successor } of posthorn.listEventTypes(tenant)) {
   *   console.log(deprecated, successor); // → true cart.created
   * }
   * await posthorn.deleteEventType(tenant, name);
   * ```
   */
  updateEventType(
    tenant: string,
    type: string,
    body: UpdateEventTypeBody,
    options?: CallOptions,
  ): Promise<EventType>;
  /**
   * Forget what was registered of an event type. Needs a key with the scope `events:write`.
   *
   * @example
   * ```ts
   * const name = "cart.shared";
   * await posthorn.registerEventType(tenant, { name, schema: { required: ["id"] } });
   * await posthorn.updateEventType(tenant, name, { schema: true, successor: "cart.created" });
   * for await (const { version, schema } of posthorn.listSchemaVersions(tenant, name)) {
   *   console.log(version, schema); // → 2 true → 1 { required: [ 'id' ] }
   * }
   * for await (const { deprecated, successor } of posthorn.listEventTypes(tenant)) {
   *   console.log(deprecated, successor); // → true cart.created
   * }
   * await posthorn.deleteEventType(tenant, name);
   * ```
   */
  deleteEventType(tenant: string, type: string, options?: CallOptions): Promise<void>;
  /**
   * List the schemas that an event type has had. Needs a key with the scope `endpoints:read`.
   *
   * @example
   * ```ts
   * const name = "cart.shared";
   * await posthorn.registerEventType(tenant, { name, schema: { required: ["id"] } });
   * await posthorn.updateEventType(tenant, name, { schema: true, successor: "cart.created" });
   * for await (const { version, schema } of posthorn.listSchemaVersions(tenant, name)) {
   *   console.log(version, schema); // → 2 true → 1 { required: [ 'id' ] }
   * }
   * for await (const { deprecated, successor } of posthorn.listEventTypes(tenant)) {
   *   console.log(deprecated, successor); // → true cart.created
   * }
   * await posthorn.deleteEventType(tenant, name);
   * ```
   */
  listSchemaVersions(
    tenant: string,
    type: string,
    query?: ListSchemaVersionsQuery,
    options?: CallOptions,
  ): Pages<SchemaVersion>;
  /**
   * Exchange a key, or a link that is good once, for the cookie of a session.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * let cookie = "";
   * const send: typeof fetch = async (input, init) => {
   *   const headers = { ...Object.fromEntries(new Headers(init?.headers)), cookie, "posthorn-session": "1" };
   *   const answer = await fetch(input, { ...init, headers });
   *   cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
   *   return answer;
   * };
   * const page = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", fetch: send });
   * const { kind, expires_at } = await page.signIn({ key: process.env["POSTHORN_KEY"] ?? "" });
   * console.log(kind, expires_at); // → admin …Z
   * console.log((await page.getSession()).expires_at === expires_at); // → true
   * await page.signOut();
   * ```
   */
  signIn(
    body: {
      readonly key: string;
    } | {
      readonly link: string;
    } | {
      readonly portal_link: string;
      /** Whether the page is in a frame of another. Default: false. */
      readonly is_embedded?: boolean | undefined;
    },
    options?: CallOptions,
  ): Promise<Session>;
  /**
   * Ask who one is. Needs any key.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * let cookie = "";
   * const send: typeof fetch = async (input, init) => {
   *   const headers = { ...Object.fromEntries(new Headers(init?.headers)), cookie, "posthorn-session": "1" };
   *   const answer = await fetch(input, { ...init, headers });
   *   cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
   *   return answer;
   * };
   * const page = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", fetch: send });
   * const { kind, expires_at } = await page.signIn({ key: process.env["POSTHORN_KEY"] ?? "" });
   * console.log(kind, expires_at); // → admin …Z
   * console.log((await page.getSession()).expires_at === expires_at); // → true
   * await page.signOut();
   * ```
   */
  getSession(options?: CallOptions): Promise<Session>;
  /**
   * End the session of a browser. Needs any key.
   *
   * @example
   * ```ts
   * import { createClient } from "@posthorn/client/client";
   *
   * let cookie = "";
   * const send: typeof fetch = async (input, init) => {
   *   const headers = { ...Object.fromEntries(new Headers(init?.headers)), cookie, "posthorn-session": "1" };
   *   const answer = await fetch(input, { ...init, headers });
   *   cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
   *   return answer;
   * };
   * const page = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", fetch: send });
   * const { kind, expires_at } = await page.signIn({ key: process.env["POSTHORN_KEY"] ?? "" });
   * console.log(kind, expires_at); // → admin …Z
   * console.log((await page.getSession()).expires_at === expires_at); // → true
   * await page.signOut();
   * ```
   */
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Make a link that opens the portal of a tenant, once. Needs any key of the tenant.
   *
   * @example
   * ```ts
   * const session = await posthorn.createPortalSession(tenant, {
   *   expires_in: 1800,
   *   scopes: ["endpoints:read", "deliveries:read"],
   * });
   * console.log(session.url, session.expires_in); // → http…/portal… 1800
   * await posthorn.endPortalSessions(tenant); // The customer has left: no link and no session opens it now.
   * ```
   */
  createPortalSession(
    tenant: string,
    body?: CreatePortalSessionBody,
    options?: CallOptions,
  ): Promise<PortalSession>;
  /**
   * End all sessions of a tenant's portal, and links that were not opened yet. Needs an admin key.
   *
   * @example
   * ```ts
   * const session = await posthorn.createPortalSession(tenant, {
   *   expires_in: 1800,
   *   scopes: ["endpoints:read", "deliveries:read"],
   * });
   * console.log(session.url, session.expires_in); // → http…/portal… 1800
   * await posthorn.endPortalSessions(tenant); // The customer has left: no link and no session opens it now.
   * ```
   */
  endPortalSessions(tenant: string, options?: CallOptions): Promise<void>;
  /**
   * List what was done by the API, newest first. Needs an admin key.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
   * await posthorn.pauseEndpoint(tenant, id);
   * for await (const { action, by, status } of posthorn.listTenantAudit(tenant)) {
   *   console.log(action, by.kind, status);
   *   // → pauseEndpoint admin 200 → createEndpoint admin 201 → createTenant admin 201
   * }
   * const [latest] = (await posthorn.listAudit({ action: "pauseEndpoint" }).page()).data;
   * console.log(latest?.tenant === tenant, latest?.resource); // → true { endpoint: 'ep_…' }
   * ```
   */
  listAudit(query?: ListAuditQuery, options?: CallOptions): Pages<AuditEntry>;
  /**
   * List what was done to a tenant by the API, newest first. Needs a key with the scope `audit:read`.
   *
   * @example
   * ```ts
   * const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
   * await posthorn.pauseEndpoint(tenant, id);
   * for await (const { action, by, status } of posthorn.listTenantAudit(tenant)) {
   *   console.log(action, by.kind, status);
   *   // → pauseEndpoint admin 200 → createEndpoint admin 201 → createTenant admin 201
   * }
   * const [latest] = (await posthorn.listAudit({ action: "pauseEndpoint" }).page()).data;
   * console.log(latest?.tenant === tenant, latest?.resource); // → true { endpoint: 'ep_…' }
   * ```
   */
  listTenantAudit(tenant: string, query?: ListTenantAuditQuery, options?: CallOptions): Pages<AuditEntry>;
  /**
   * Ask whether anything is sent. Needs an admin key.
   *
   * @example
   * ```ts
   * const { state, backed_up_at, deliveries_waiting_at_least } = await posthorn.getSending();
   * console.log(state, backed_up_at, deliveries_waiting_at_least); // → running null …
   * console.log((await posthorn.resumeSending()).state); // → running
   * ```
   */
  getSending(options?: CallOptions): Promise<Sending>;
  /**
   * Let a restored database send. Needs an admin key.
   *
   * @example
   * ```ts
   * const { state, backed_up_at, deliveries_waiting_at_least } = await posthorn.getSending();
   * console.log(state, backed_up_at, deliveries_waiting_at_least); // → running null …
   * console.log((await posthorn.resumeSending()).state); // → running
   * ```
   */
  resumeSending(options?: CallOptions): Promise<Sending>;
  /**
   * List the processes that serve this installation. Needs an admin key.
   *
   * @example
   * ```ts
   * const { version, database, is_accepting } = await posthorn.getSystem();
   * console.log(version, database.kind, is_accepting); // → 0.1.0 sqlite true
   * for await (const { id, is_this, shards } of posthorn.listNodes()) {
   *   console.log(id, is_this, shards); // → … true [ 0 ]
   * }
   * ```
   */
  listNodes(options?: CallOptions): Pages<Node>;
  /**
   * Ask what this installation runs on. Needs an admin key.
   *
   * @example
   * ```ts
   * const { version, database, is_accepting } = await posthorn.getSystem();
   * console.log(version, database.kind, is_accepting); // → 0.1.0 sqlite true
   * for await (const { id, is_this, shards } of posthorn.listNodes()) {
   *   console.log(id, is_this, shards); // → … true [ 0 ]
   * }
   * ```
   */
  getSystem(options?: CallOptions): Promise<System>;
  /**
   * Ask what time it is. Needs an admin key.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: receiver, retry: { delays_ms: [3_600_000] } });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await deliveryOf(id)).state); // → retrying
   * if ((await posthorn.getClock()).is_movable) await posthorn.advanceClock({ by_ms: 3_700_000 });
   * console.log((await deliveryOf(id)).state); // → dead
   * ```
   */
  getClock(options?: CallOptions): Promise<Clock>;
  /**
   * Move the time of a server in development ahead. Needs an admin key.
   *
   * @example
   * ```ts
   * await posthorn.setTestReceiver(tenant, { status: 500 });
   * await posthorn.createEndpoint(tenant, { url: receiver, retry: { delays_ms: [3_600_000] } });
   * const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
   * console.log((await deliveryOf(id)).state); // → retrying
   * if ((await posthorn.getClock()).is_movable) await posthorn.advanceClock({ by_ms: 3_700_000 });
   * console.log((await deliveryOf(id)).state); // → dead
   * ```
   */
  advanceClock(body: AdvanceClockBody, options?: CallOptions): Promise<ClockAdvanced>;
  /**
   * Ask whether the process answers.
   *
   * @example
   * ```ts
   * console.log(await posthorn.getHealth()); // → { status: 'ok', version: '0.1.0' }
   * console.log(await posthorn.getReadiness()); // → { status: 'ready' }
   * const { openapi } = await posthorn.getDescription();
   * console.log(openapi); // → 3.1.…
   * ```
   */
  getHealth(
    options?: CallOptions,
  ): Promise<{
    readonly status: "ok";
    /** Of the server. */
    readonly version: string;
  }>;
  /**
   * Ask whether requests may be sent here.
   *
   * @example
   * ```ts
   * console.log(await posthorn.getHealth()); // → { status: 'ok', version: '0.1.0' }
   * console.log(await posthorn.getReadiness()); // → { status: 'ready' }
   * const { openapi } = await posthorn.getDescription();
   * console.log(openapi); // → 3.1.…
   * ```
   */
  getReadiness(options?: CallOptions): Promise<{
    readonly status: "ready";
  }>;
  /**
   * Get this description.
   *
   * @example
   * ```ts
   * console.log(await posthorn.getHealth()); // → { status: 'ok', version: '0.1.0' }
   * console.log(await posthorn.getReadiness()); // → { status: 'ready' }
   * const { openapi } = await posthorn.getDescription();
   * console.log(openapi); // → 3.1.…
   * ```
   */
  getDescription(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Asks for everything by one function that makes calls.
 *
 * @example
 * ```ts
 * import type { Call, Given } from "@posthorn/client/call";
 * import { operationsOver } from "@posthorn/client/operations";
 * import { PosthornError } from "@posthorn/client/posthorn-error";
 *
 * const asked: Given[] = [];
 * const refuse = (): never => {
 *   throw new PosthornError({ code: "overloaded", detail: "as in a test", status: 503 });
 * };
 * const once: Call["once"] = async (_method, _path, given) => {
 *   asked.push(given);
 *   return refuse();
 * };
 * const operations = operationsOver({ once, pages: refuse, stream: refuse });
 * await operations.createTenant({ name: "Example Boutique" }).catch(String).then(console.log);
 * // → PosthornError: overloaded: as in a test
 * console.log(asked); // → [ { body: { name: 'Example Boutique' }, options: undefined } ]
 * ```
 */
// house-rules allow function-length: a line or two for each operation there is
export function operationsOver(call: Call): Operations {
  return {
    createTenant: (body, options) =>
      call.once("POST", "/v1/tenants", { body, options }),
    listTenants: (query, options) =>
      call.pages("/v1/tenants", { query, options }),
    getTenant: (tenant, options) =>
      call.once("GET", path`/v1/tenants/${tenant}`, { options }),
    updateTenant: (tenant, body, options) =>
      call.once("PATCH", path`/v1/tenants/${tenant}`, { body, options }),
    deleteTenant: (tenant, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}`, { options }),
    createKey: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/keys`, { body, options }),
    listKeys: (tenant, options) =>
      call.pages(path`/v1/tenants/${tenant}/keys`, { options }),
    revokeKey: (tenant, key, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/keys/${key}`, { options }),
    createEndpoint: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints`, { body, options }),
    listEndpoints: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/endpoints`, { query, options }),
    listTroubledEndpoints: (query, options) =>
      call.pages("/v1/endpoints/troubled", { query, options }),
    getEndpoint: (tenant, endpoint, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/endpoints/${endpoint}`, { options }),
    updateEndpoint: (tenant, endpoint, body, options) =>
      call.once("PATCH", path`/v1/tenants/${tenant}/endpoints/${endpoint}`, { body, options }),
    deleteEndpoint: (tenant, endpoint, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/endpoints/${endpoint}`, { options }),
    rotateSecret: (tenant, endpoint, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/rotate-secret`, { body, options }),
    enableEndpoint: (tenant, endpoint, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/enable`, { options }),
    disableEndpoint: (tenant, endpoint, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/disable`, { options }),
    pauseEndpoint: (tenant, endpoint, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/pause`, { options }),
    resumeEndpoint: (tenant, endpoint, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/resume`, { options }),
    skip: (tenant, endpoint, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/skip`, { body, options }),
    getJwks: (tenant, endpoint, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/endpoints/${endpoint}/jwks.json`, { options }),
    sendEvents: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/events`, { body, options }),
    listEvents: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/events`, { query, options }),
    getEvent: (tenant, event, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/events/${event}`, { options }),
    eraseEvent: (tenant, event, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/events/${event}`, { options }),
    eraseSubject: (tenant, subject, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/subjects/${subject}`, { options }),
    sendTest: (tenant, endpoint, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/test`, { body, options }),
    getTestReceiver: (tenant, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/test-receiver`, { options }),
    setTestReceiver: (tenant, body, options) =>
      call.once("PUT", path`/v1/tenants/${tenant}/test-receiver`, { body, options }),
    listDeliveries: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/deliveries`, { query, options }),
    listDeliveriesOfEvent: (tenant, event, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/events/${event}/deliveries`, { query, options }),
    listUnmatched: (tenant, event, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/events/${event}/unmatched`, { query, options }),
    getDelivery: (tenant, delivery, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/deliveries/${delivery}`, { options }),
    retryDelivery: (tenant, delivery, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/deliveries/${delivery}/retry`, { options }),
    replayDelivery: (tenant, delivery, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/deliveries/${delivery}/replay`, { options }),
    cancelDelivery: (tenant, delivery, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/deliveries/${delivery}/cancel`, { options }),
    listAttempts: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/attempts`, { query, options }),
    getAttempt: (tenant, attempt, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/attempts/${attempt}`, { options }),
    getSentRequest: (tenant, attempt, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/attempts/${attempt}/request`, { options }),
    createReplay: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/replays`, { body, options }),
    listReplays: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/replays`, { query, options }),
    getReplay: (tenant, replay, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/replays/${replay}`, { options }),
    pauseReplay: (tenant, replay, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/replays/${replay}/pause`, { options }),
    resumeReplay: (tenant, replay, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/replays/${replay}/resume`, { options }),
    cancelReplay: (tenant, replay, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/replays/${replay}/cancel`, { options }),
    recover: (tenant, endpoint, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/endpoints/${endpoint}/recover`, { body, options }),
    getStats: (tenant, query, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/stats`, { query, options }),
    getStanding: (tenant, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/stats/now`, { options }),
    getInstallationStats: (query, options) =>
      call.once("GET", "/v1/stats", { query, options }),
    getInstallationStanding: (options) =>
      call.once("GET", "/v1/stats/now", { options }),
    createListener: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/listeners`, { body, options }),
    renderEvent: (tenant, event, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/events/${event}/render`, { body, options }),
    watch: (tenant, query, options) =>
      call.stream(path`/v1/tenants/${tenant}/stream`, { query, options }),
    watchAll: (query, options) =>
      call.stream("/v1/stream", { query, options }),
    listContracts: (options) =>
      call.pages("/v1/contracts", { options }),
    listCatalogueTypes: (query, options) =>
      call.pages("/v1/event-types", { query, options }),
    renderSample: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/renderings`, { body, options }),
    registerEventType: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/event-types`, { body, options }),
    listEventTypes: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/event-types`, { query, options }),
    getEventType: (tenant, type, options) =>
      call.once("GET", path`/v1/tenants/${tenant}/event-types/${type}`, { options }),
    updateEventType: (tenant, type, body, options) =>
      call.once("PATCH", path`/v1/tenants/${tenant}/event-types/${type}`, { body, options }),
    deleteEventType: (tenant, type, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/event-types/${type}`, { options }),
    listSchemaVersions: (tenant, type, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/event-types/${type}/versions`, { query, options }),
    signIn: (body, options) =>
      call.once("POST", "/v1/session", { body, options }),
    getSession: (options) =>
      call.once("GET", "/v1/session", { options }),
    signOut: (options) =>
      call.once("DELETE", "/v1/session", { options }),
    createPortalSession: (tenant, body, options) =>
      call.once("POST", path`/v1/tenants/${tenant}/portal-sessions`, { body, options }),
    endPortalSessions: (tenant, options) =>
      call.once("DELETE", path`/v1/tenants/${tenant}/portal-sessions`, { options }),
    listAudit: (query, options) =>
      call.pages("/v1/audit", { query, options }),
    listTenantAudit: (tenant, query, options) =>
      call.pages(path`/v1/tenants/${tenant}/audit`, { query, options }),
    getSending: (options) =>
      call.once("GET", "/v1/sending", { options }),
    resumeSending: (options) =>
      call.once("POST", "/v1/sending/resume", { options }),
    listNodes: (options) =>
      call.pages("/v1/nodes", { options }),
    getSystem: (options) =>
      call.once("GET", "/v1/system", { options }),
    getClock: (options) =>
      call.once("GET", "/v1/clock", { options }),
    advanceClock: (body, options) =>
      call.once("POST", "/v1/clock/advance", { body, options }),
    getHealth: (options) =>
      call.once("GET", "/healthz", { options }),
    getReadiness: (options) =>
      call.once("GET", "/readyz", { options }),
    getDescription: (options) =>
      call.once("GET", "/openapi.json", { options }),
  };
}
