import { type Judgement, judge, type Pasted, VERIFIABLE } from "@posthorn/contracts/judge-request";
import { HALVES } from "@posthorn/contracts/receiving-halves";
import { useState } from "react";
import { Field } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { VerifySnippet } from "../parts/verify-snippet.tsx";
import { whenSubmitted } from "../parts/when-submitted.ts";
import { serverNow } from "../server-clock.ts";

/** Why a receiver refuses a request: what it got is pasted, and judged in the browser. */
export function VerifyScreen() {
  const [pasted, setPasted] = useState<Pasted>({ contract: "standard", headers: "", body: "", secret: "" });
  const [judgement, setJudgement] = useState<Judgement>();
  const change = (member: Partial<Pasted>) => {
    setPasted({ ...pasted, ...member });
    setJudgement(undefined);
  };
  const submit = async () => setJudgement(await judge(pasted, { at: serverNow(), halves: HALVES }));
  const about =
    "Your receiver refuses what it gets? Paste a request as it came. It is judged here, by the code that " +
    "receivers run: nothing leaves this page.";
  return (
    <Page title="Verify a request" about={about}>
      <form onSubmit={whenSubmitted(() => void submit())} className="panel mb-4 space-y-4 p-5">
        <ContractChoice value={pasted.contract} onChange={(contract) => change({ contract })} />
        {TEXTS.map(({ name, label, hint, rows, placeholder }) => (
          <Field key={name} label={label} hint={hint}>
            {(given) => (
              <textarea
                {...given}
                className="input font-mono"
                rows={rows}
                spellCheck={false}
                placeholder={placeholder}
                value={pasted[name]}
                onChange={({ target }) => change({ [name]: target.value })}
              />
            )}
          </Field>
        ))}
        <Field label="Secret" hint="It is used on this page, and neither sent nor stored.">
          {(given) => (
            <input
              {...given}
              type="password"
              autoComplete="off"
              className="input font-mono"
              value={pasted.secret}
              onChange={({ target }) => change({ secret: target.value })}
            />
          )}
        </Field>
        <button type="submit" className="button button-main">
          Verify
        </button>
        {judgement !== undefined && <Said judgement={judgement} />}
      </form>
      <div className="panel p-5">
        <VerifySnippet key={pasted.contract} contract={pasted.contract} />
      </div>
    </Page>
  );
}

const TEXTS = [
  {
    name: "headers",
    label: "Headers",
    hint: "A line each, as Name: value.",
    rows: 5,
    placeholder: "webhook-id: evt_…\nwebhook-timestamp: 1773480414\nwebhook-signature: v1,…",
  },
  {
    name: "body",
    label: "Body",
    hint: "Every character counts: the bytes as they came, not printed anew.",
    rows: 6,
    placeholder: "",
  },
] as const;

interface ContractChoiceProps {
  readonly value: Pasted["contract"];
  readonly onChange: (contract: Pasted["contract"]) => void;
}

function ContractChoice({ value, onChange }: ContractChoiceProps) {
  return (
    <Field label="Contract" hint="The endpoint's.">
      {(given) => (
        <select
          {...given}
          className="input"
          value={value}
          onChange={({ target }) => onChange(VERIFIABLE.find((each) => each === target.value) ?? "standard")}
        >
          {VERIFIABLE.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Said({ judgement: { isRight, said, details } }: { readonly judgement: Judgement }) {
  return (
    <div role="status" className={`rounded-md p-4 ${isRight ? "bg-good-soft" : "bg-bad-soft"}`}>
      <p className={`font-medium ${isRight ? "text-good" : "text-bad"}`}>
        {isRight ? "✓" : "✗"} {said}
      </p>
      {details.map((detail) => (
        <p key={detail} className="mt-1">
          {detail}
        </p>
      ))}
    </div>
  );
}
