import { useState } from "react";
import { Loading } from "./page.tsx";
import { useMay } from "./permission.ts";
import { Rendered } from "./renderings.tsx";
import { Sample } from "./sample.tsx";

interface EndpointPreviewProps {
  readonly tenant: string;
  /** Its id. */
  readonly endpoint: string;
}

/** What the endpoint would get of an event that is nowhere: asked for when it is opened. */
export function EndpointPreview({ tenant, endpoint }: EndpointPreviewProps) {
  const [isOpen, setOpen] = useState(false);
  const [type, setType] = useState<string>();
  const may = useMay({ method: "POST", path: `/v1/tenants/${tenant}/renderings` });
  if (!may) {
    return null;
  }
  return (
    <details className="mt-4" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-muted">What it would get of a sample</summary>
      {isOpen && (
        <div className="mt-2">
          <p className="mb-2 text-[12px] text-muted">
            With the endpoint&apos;s settings, signed with a secret that is nobody&apos;s. Nothing is stored
            or sent.
          </p>
          <Sample tenant={tenant} type={type} onType={setType} endpoint={endpoint}>
            {(renderings) => {
              const [found] = renderings ?? [];
              return found === undefined ? (
                <Loading />
              ) : (
                <div className="panel p-4">
                  <Rendered reason={found.reason} request={found.request} label="payload of the sample" />
                </div>
              );
            }}
          </Sample>
        </div>
      )}
    </details>
  );
}
