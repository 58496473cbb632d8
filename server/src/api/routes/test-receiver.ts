import { Type } from "typebox";
import { Problem } from "../../problem.ts";
import { TAKES_ALL } from "../../test-receiver.ts";
import { type Access, tenantOf } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";

const ANSWER_BYTES_MAX = 4096;
const RETRY_AFTER_SECONDS_MAX = 86_400;

const AnswerBody = Type.Object(
  {
    status: Type.Optional(
      Type.Integer({
        minimum: 200,
        maximum: 599,
        description: `HTTP status. Default: ${TAKES_ALL.status}.`,
      }),
    ),
    body: Type.Optional(
      Type.String({
        maxLength: ANSWER_BYTES_MAX,
        description: `Sent as \`application/json\`. Default: \`${TAKES_ALL.body}\`.`,
      }),
    ),
    retry_after_seconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: RETRY_AFTER_SECONDS_MAX }), Type.Null()], {
        description: "In `Retry-After`, at most a day. Default: there is none.",
      }),
    ),
    is_silent: Type.Optional(Type.Boolean({ description: "It never answers. Default: false." })),
  },
  { additionalProperties: false },
);

/** `/v1/tenants/{tenant}/test-receiver`: in development, a receiver that answers as it is told. */
export function addTestReceiverRoutes(app: Api, { testReceiver }: ApiPorts, access: Access): void {
  const path = "/v1/tenants/:tenant/test-receiver";
  const view = (tenant: string) => {
    const { retryAfterSeconds, isSilent, ...answer } = testReceiver?.answerTo(tenant) ?? TAKES_ALL;
    return {
      url: testReceiver?.urlOf(tenant) ?? null,
      answer: { ...answer, retry_after_seconds: retryAfterSeconds ?? null, is_silent: isSilent },
    };
  };

  app.get(path, { onRequest: access.tenant("endpoints:read") }, (request) => view(tenantOf(request).id));

  app.put(path, { onRequest: access.tenant("endpoints:write"), schema: { body: AnswerBody } }, (request) => {
    if (testReceiver === undefined) {
      throw new Problem("no_test_receiver", "Only `posthorn start` has a receiver to try things out with.");
    }
    const { id } = tenantOf(request);
    const { retry_after_seconds, is_silent: isSilent = TAKES_ALL.isSilent, ...given } = request.body;
    const retryAfterSeconds = retry_after_seconds ?? undefined;
    testReceiver.answer(id, { ...TAKES_ALL, ...given, retryAfterSeconds, isSilent });
    return view(id);
  });
}
