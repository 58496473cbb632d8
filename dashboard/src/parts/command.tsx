import { isPortal, serverUrl } from "../place.ts";
import { type ApiCall, curlText } from "../text/curl.ts";
import { posthornText } from "../text/posthorn-command.ts";
import { CopyButton } from "./copy-button.tsx";

const KEY = "$POSTHORN_KEY";

/** A command that runs as it stands, to be copied. */
export function Command({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="relative rounded-md border border-line bg-raised">
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto p-3 pr-20 text-[12px] leading-5">
        {text}
      </pre>
      <CopyButton text={text} className="absolute top-1.5 right-1.5" />
      {text.includes(KEY) && (
        <p className="border-t border-line px-3 py-1.5 text-[12px] text-muted">
          Needs an API key of yours in the shell, once: <code>export POSTHORN_KEY=…</code>
        </p>
      )}
    </div>
  );
}

/** The same done by a program or on a command line: not in the portal, whose people have no key. */
export function Curl({ call }: { readonly call: ApiCall }) {
  if (isPortal) {
    return null;
  }
  const command = posthornText(serverUrl, call);
  return (
    <details className="mt-3">
      <summary className="text-[12px] text-muted">
        The same with curl{command === undefined ? "" : " or posthorn"}
      </summary>
      <div className="mt-2 space-y-2">
        <Command text={curlText(serverUrl, call)} label="curl command" />
        {command !== undefined && <Command text={command} label="posthorn command" />}
      </div>
    </details>
  );
}
