import type { Session } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Failure } from "./parts/failure.tsx";
import { Loading } from "./parts/page.tsx";
import { isPortal } from "./place.ts";
import { router } from "./router.tsx";
import { serverNow } from "./server-clock.ts";
import { readSession } from "./session.ts";
import { SessionEnd } from "./session-end.tsx";
import { SignInForm } from "./sign-in.tsx";

/** Lets nobody in who is not signed in. */
export function Gate() {
  const session = useQuery({
    queryKey: ["session"],
    queryFn: readSession,
    refetchInterval: 60_000,
    staleTime: 30_000,
  });
  const { data } = session;
  const isOver = session.isError && isUnauthorized(session.error);
  if (isOver && (data === undefined || !hasRunOut(data))) {
    return isPortal ? <PortalIsOver /> : <SignIn />;
  }
  if (data === undefined) {
    return <div className="p-6">{session.isPending ? <Loading /> : <Failure error={session.error} />}</div>;
  }
  return (
    <>
      <SessionEnd session={data} isOver={isOver} />
      <RouterProvider router={router} context={{ session: data }} />
    </>
  );
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof PosthornError && error.code === "unauthorized";
}

// The server's clock is known to a second or two.
const NEAR_MS = 5000;

/**
 * Whether a session has ended by its time: then what one was writing stays on the page. Whoever signs out
 * elsewhere, or revokes a key, wants nothing of it to be seen any more.
 */
function hasRunOut({ expires_at }: Session): boolean {
  return expires_at !== null && Date.parse(expires_at) - serverNow() < NEAR_MS;
}

/** Nobody signs in to the portal: a link leads there. */
function PortalIsOver() {
  return (
    <main className="mx-auto flex min-h-screen max-w-md flex-col justify-center px-4">
      <div className="panel p-6">
        <h1 className="mb-1 text-xl font-semibold">Open it anew</h1>
        <p className="text-muted">
          The link was used before, or your session is over. Go back to where you came from, and open your
          webhooks there again.
        </p>
      </div>
    </main>
  );
}

function SignIn() {
  const queries = useQueryClient();
  const enter = (session: Session) => {
    // Whoever was signed in before may have been allowed to read more.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    queries.setQueryData(["session"], session);
  };
  return (
    <main className="mx-auto flex min-h-screen max-w-md flex-col justify-center px-4">
      <div className="panel p-6">
        <h1 className="mb-1 text-xl font-semibold">Sign in to Posthorn</h1>
        <p className="mb-5 text-muted">
          With an API key: an admin key reaches every tenant, a tenant&apos;s key what its scopes allow.{" "}
          <code>npm start</code> prints one, and a link that signs in once.
        </p>
        <SignInForm onSignedIn={enter} />
      </div>
    </main>
  );
}
