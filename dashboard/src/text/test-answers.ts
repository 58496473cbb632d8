import type { TestReceiver } from "@posthorn/client/operations";

/** Something that a test receiver can be told to answer. */
export interface TestChoice {
  readonly name: string;
  readonly says: string;
  readonly answer: TestReceiver["answer"];
}

const TAKES = { status: 200, body: '{"outcome":"sent"}', retry_after_seconds: null, is_silent: false };

const outcome = (name: string, says: string): TestChoice => ({
  name: `outcome ${name}`,
  says: `outcome ${name}: ${says}`,
  answer: { ...TAKES, body: JSON.stringify({ outcome: name }) },
});

/** What receivers do, for every contract; then what those of Bubblehouse say with status 200. */
export const ANSWERS: readonly TestChoice[] = [
  { name: "takes", says: "takes it: 200", answer: TAKES },
  { name: "fails", says: "fails: 500", answer: { ...TAKES, status: 500 } },
  {
    name: "busy",
    says: "is busy: 429, again in 30 s",
    answer: { ...TAKES, status: 429, retry_after_seconds: 30 },
  },
  { name: "moved", says: "has moved: 301", answer: { ...TAKES, status: 301 } },
  { name: "gone", says: "is gone: 410", answer: { ...TAKES, status: 410 } },
  { name: "silent", says: "never answers", answer: { ...TAKES, is_silent: true } },
];

export const OUTCOMES: readonly TestChoice[] = [
  outcome("skipped", "taken, and not wanted"),
  outcome("invalid_data", "rejected for good"),
  outcome("unsubscribed", "rejected for good"),
  outcome("failure", "holds the queue"),
];

/** Finds what a receiver was told; undefined: something else, by another program. */
export function choiceOf(told: TestReceiver["answer"]): TestChoice | undefined {
  return [...ANSWERS, ...OUTCOMES].find(
    ({ answer }) =>
      answer.status === told.status &&
      answer.body === told.body &&
      answer.retry_after_seconds === told.retry_after_seconds &&
      answer.is_silent === told.is_silent,
  );
}
