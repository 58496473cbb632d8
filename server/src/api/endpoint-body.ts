import { type Static, Type } from "typebox";
import type { EndpointConfig } from "../model/endpoint.ts";
import { orNull, taken } from "./changeable-member.ts";

const DAY_MS = 86_400_000;

const changeable = {
  event_types: orNull(
    Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
      minItems: 1,
      maxItems: 100,
      description: "Names, or globs in which * stands for any text. Default: every type.",
    }),
  ),
  description: orNull(Type.String({ maxLength: 1000 })),
  enabled: Type.Optional(Type.Boolean({ description: "False: nothing is owed to it. Default: true." })),
  headers: orNull(
    Type.Record(Type.String(), Type.String(), {
      maxProperties: 32,
      description: "Sent with every request, beside the contract's own.",
    }),
  ),
  max_in_flight: orNull(Type.Integer({ minimum: 1, maximum: 1000 })),
  rate_per_second: orNull(Type.Number({ minimum: 0.01, maximum: 10_000 })),
  timeout_ms: orNull(Type.Integer({ minimum: 100, maximum: 60_000 })),
  latest_only_by: orNull(
    Type.Enum(["subject", "type_and_subject"], {
      description: "What makes events states of one thing: only the newest that waits is sent. Default: all.",
    }),
  ),
  retry: orNull(
    Type.Object(
      {
        delays_ms: Type.Array(Type.Integer({ minimum: 0, maximum: 30 * DAY_MS }), { maxItems: 100 }),
        jitter: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "Default: 0." })),
      },
      { additionalProperties: false },
    ),
  ),
  metadata: orNull(Type.Record(Type.String(), Type.String({ maxLength: 1000 }), { maxProperties: 50 })),
  settings: orNull(
    Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50, description: "The contract's own." }),
  ),
};

export const SecretText = Type.String({ minLength: 1, maxLength: 512 });

const url = Type.String({ minLength: 1, maxLength: 4096 });
const contract = Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()]);

export const NewEndpointBody = Type.Object(
  {
    url,
    contract: Type.Optional(contract),
    secret: orNull(SecretText),
    ...changeable,
  },
  { additionalProperties: false },
);

export const EndpointChangeBody = Type.Object(
  { url: Type.Optional(url), contract: Type.Optional(contract), ...changeable },
  { additionalProperties: false },
);

export type NewEndpoint = Static<typeof NewEndpointBody>;
export type EndpointChangeRequest = Static<typeof EndpointChangeBody>;

const DEFAULTS: Omit<EndpointConfig, "url"> = {
  description: undefined,
  headers: {},
  maxInFlight: undefined,
  ratePerSecond: undefined,
  latestOnlyBy: undefined,
  timeoutMs: undefined,
  retry: undefined,
  metadata: {},
  settings: {},
};

/**
 * Returns the configuration that a body asks for; what is absent stays as it was, what is null becomes the
 * default.
 */
export function configOf(body: NewEndpoint | EndpointChangeRequest, before?: EndpointConfig): EndpointConfig {
  const known = before ?? { url: "", ...DEFAULTS };
  const { url: newUrl, description, headers, metadata, settings, retry } = body;
  return {
    url: newUrl ?? known.url,
    description: taken(description, known.description, undefined),
    headers: taken(headers, known.headers, DEFAULTS.headers),
    maxInFlight: taken(body.max_in_flight, known.maxInFlight, undefined),
    ratePerSecond: taken(body.rate_per_second, known.ratePerSecond, undefined),
    latestOnlyBy: taken(body.latest_only_by, known.latestOnlyBy, undefined),
    timeoutMs: taken(body.timeout_ms, known.timeoutMs, undefined),
    retry: taken(
      retry && { delaysMs: retry.delays_ms, jitter: retry.jitter ?? 0 },
      known.retry,
      DEFAULTS.retry,
    ),
    metadata: taken(metadata, known.metadata, DEFAULTS.metadata),
    settings: taken(settings, known.settings, DEFAULTS.settings),
  };
}
