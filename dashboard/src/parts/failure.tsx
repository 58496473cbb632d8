import { PosthornError } from "@posthorn/client/posthorn-error";

/** What went wrong, with the code one can search for, and a way to try again. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const known = error instanceof PosthornError ? error : undefined;
  return (
    <div role="alert" className="panel my-3 border-bad! p-4">
      <p className="font-medium text-bad">
        <code>{known?.code ?? "unexpected"}</code>
      </p>
      <p className="mt-1">
        {known?.detail ?? (error instanceof Error ? error.message : "Something went wrong.")}
      </p>
      {known !== undefined && known.errors.length > 0 && (
        <ul className="mt-2 list-disc pl-5">
          {known.errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code>{pointer === "" ? "the body" : pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {known?.requestId !== undefined && (
        <p className="mt-2 text-[12px] text-muted">
          Request <code>{known.requestId}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" className="button mt-3" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
