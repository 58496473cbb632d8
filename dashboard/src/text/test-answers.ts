import type { SetTestReceiverBody, TestReceiver } from "@posthorn/client/operations";

/** Something that a test receiver can be told to answer. */
export interface TestChoice {
  readonly name: string;
  readonly says: string;
  readonly body: SetTestReceiverBody;
}

const SENT = '{"outcome":"sent"}';

const outcome = (name: string, says: string): TestChoice => ({
  name: `outcome ${name}`,
  says: `outcome ${name}: ${says}`,
  body: { body: JSON.stringify({ outcome: name }) },
});

/** What receivers do, for every contract; then what those of Bubblehouse say with status 200. */
export const ANSWERS: readonly TestChoice[] = [
  { name: "takes", says: "takes it: 200", body: {} },
  { name: "fails", says: "fails: 500", body: { status: 500 } },
  { name: "busy", says: "is busy: 429, again in 30 s", body: { status: 429, retry_after_seconds: 30 } },
  { name: "moved", says: "has moved: 301", body: { status: 301 } },
  { name: "gone", says: "is gone: 410", body: { status: 410 } },
  { name: "silent", says: "never answers", body: { is_silent: true } },
];

export const OUTCOMES: readonly TestChoice[] = [
  outcome("skipped", "taken, and not wanted"),
  outcome("invalid_data", "rejected for good"),
  outcome("unsubscribed", "rejected for good"),
  outcome("failure", "holds the queue"),
];

/** Finds what a receiver was told; undefined: something else, by another program. */
export function choiceOf(answer: TestReceiver["answer"]): TestChoice | undefined {
  return [...ANSWERS, ...OUTCOMES].find(({ body }) => {
    const { status = 200, body: text = SENT, retry_after_seconds = null, is_silent = false } = body;
    return (
      answer.status === status &&
      answer.body === text &&
      answer.retry_after_seconds === retry_after_seconds &&
      answer.is_silent === is_silent
    );
  });
}
