import type { Session } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "./parts/action.tsx";
import { useNow } from "./parts/now.ts";
import { isPortal } from "./place.ts";
import { SignInForm } from "./sign-in.tsx";

/** Long enough to bring to an end what one is at. */
const TOLD_BEFORE_MS = 5 * 60_000;

/** Tells of the end of a session before it comes, and when it has come by itself: what is written stays. */
export function SessionEnd({ session, isOver }: { readonly session: Session; readonly isOver: boolean }) {
  const now = useNow();
  const [isAsking, setAsking] = useState(false);
  const leftMs = session.expires_at === null ? Infinity : Date.parse(session.expires_at) - now;
  if (!isOver && leftMs > TOLD_BEFORE_MS) {
    return null;
  }
  const left = durationText(Math.max(1000, Math.floor(leftMs / 1000) * 1000));
  return (
    <div className="sticky top-0 z-10 border-b border-warn bg-warn-soft px-4 py-2">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span role="status" className="font-medium text-warn">
          {isOver ? "Your session is over." : "Your session ends soon."}
        </span>
        <span>
          {isOver
            ? "Nothing is read or saved any more. What you have written is still there: copy what you need."
            : `It ends in ${left}. Save what you are at.`}{" "}
          {isPortal && "To go on, open your webhooks again where you came from."}
        </span>
        {!isPortal && (
          <button type="button" className="button button-small" onClick={() => setAsking(true)}>
            Sign in again
          </button>
        )}
      </p>
      {isAsking && <SignInAgain session={session} onClose={() => setAsking(false)} />}
    </div>
  );
}

interface SignInAgainProps {
  readonly session: Session;
  readonly onClose: () => void;
}

function SignInAgain({ session, onClose }: SignInAgainProps) {
  const queries = useQueryClient();
  const goOn = async (next: Session) => {
    if (!maySee(session, next)) {
      // Nothing of what another was shown stays.
      location.reload();
      return;
    }
    queries.setQueryData(["session"], next);
    onClose();
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  };
  return (
    <Dialog title="Sign in again" onClose={onClose}>
      <SignInForm onSignedIn={(next) => void goOn(next)} />
    </Dialog>
  );
}

/** Whether one session shows all that another showed, and of the same tenant. */
function maySee(before: Session, after: Session): boolean {
  const isOfAll = after.scopes === null || before.scopes?.every((scope) => after.scopes?.includes(scope));
  return before.kind === after.kind && before.tenant === after.tenant && isOfAll === true;
}
