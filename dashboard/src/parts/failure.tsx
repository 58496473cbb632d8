import { PosthornError } from "@posthorn/client/posthorn-error";

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Whether something was to be done, and not only read. Default: false. */
  readonly isOfAction?: boolean;
}

/** What went wrong, with the code one can search for, and a way to try again. */
export function Failure({ error, onRetry, isOfAction = false }: FailureProps) {
  const known = error instanceof PosthornError ? error : undefined;
  return (
    <div role="alert" className="panel my-3 border-bad! p-4">
      <p className="font-medium text-bad">
        <code>{codeOf(error)}</code>
      </p>
      <p className="mt-1">{detailOf(error)}</p>
      {isOfAction && isLeftOpen(known) && (
        <p className="mt-1">It may have been done all the same: look before you do it again.</p>
      )}
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

interface ReadFailureProps {
  readonly query: {
    readonly error: unknown;
    readonly data: unknown;
    readonly refetch: () => Promise<unknown>;
  };
}

/** What went wrong where something is read again and again: little where it was read before. */
export function ReadFailure({ query: { error, data, refetch } }: ReadFailureProps) {
  if (error === null) {
    return null;
  }
  const again = () => void refetch();
  return data === undefined ? (
    <Failure error={error} onRetry={again} />
  ) : (
    <Outdated error={error} onRetry={again} />
  );
}

function Outdated({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <p
      role="alert"
      className="mb-2 flex flex-wrap items-baseline gap-x-2 border-l-2 border-bad pl-3 text-[12px] text-muted"
    >
      <code className="text-bad">{codeOf(error)}</code>
      <span>
        {detailOf(error).replace(/\.$/, "")}. What stands here was read before, and is read again by itself.
      </span>
      <button type="button" className="link underline" onClick={onRetry}>
        Try now
      </button>
    </p>
  );
}

function codeOf(error: unknown): string {
  return error instanceof PosthornError ? error.code : "unexpected";
}

function detailOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? messageOf(error) : "Something went wrong.";
}

function messageOf(error: Error): string {
  return error instanceof PosthornError ? error.detail : error.message;
}

/** Whether a request may have reached the server, and have been done, although no answer says so. */
function isLeftOpen(error: PosthornError | undefined): boolean {
  return error?.code === "unreachable" || error?.code === "store_unavailable";
}
