import { requestCurlText, type ShownRequest } from "../text/request-text.ts";
import { Command } from "./command.tsx";
import { JsonView } from "./json-view.tsx";

interface RequestViewProps {
  readonly request: ShownRequest;
  /** Of the payload, for whoever does not see it. */
  readonly label: string;
}

/** An HTTP request: its line, its headers, its payload, and the command that makes it. */
export function RequestView({ request, label }: RequestViewProps) {
  const { method, url, headers, payload } = request;
  return (
    <div className="min-w-0 space-y-3">
      <p className="rounded-md bg-raised px-3 py-2 font-mono text-[12px] break-all">
        <span className="font-semibold">{method}</span> {url}
      </p>
      <dl aria-label="headers" className="grid gap-y-1 font-mono text-[12px]">
        {headers.map(({ name, value }) => (
          <div key={name} className="break-all">
            <dt className="inline text-muted">{name}: </dt>
            <dd className="inline">
              {value ?? <span className="rounded bg-warn-soft px-1.5 font-sans text-warn">not shown</span>}
            </dd>
          </div>
        ))}
      </dl>
      <JsonView text={payload} label={label} />
      <details>
        <summary className="text-[12px] text-muted">Copy as curl</summary>
        <div className="mt-2 space-y-2">
          {headers.some(({ value }) => value === null) && (
            <p className="text-[12px] text-muted">
              What is not shown is to be set as a variable of the shell.
            </p>
          )}
          <Command text={requestCurlText(request)} label="curl command of the request" />
        </div>
      </details>
    </div>
  );
}
