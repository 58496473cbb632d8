import type { Session } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { Failure } from "./parts/failure.tsx";
import { Field } from "./parts/field.tsx";
import { Loading } from "./parts/page.tsx";
import { whenSubmitted } from "./parts/when-submitted.ts";
import { isPortal } from "./place.ts";
import { router } from "./router.tsx";
import { api, readSession } from "./session.ts";

/** Lets nobody in who is not signed in. */
export function Gate() {
  const session = useQuery({
    queryKey: ["session"],
    queryFn: readSession,
    refetchInterval: 60_000,
    staleTime: 30_000,
  });
  if (session.isError && isUnauthorized(session.error)) {
    return isPortal ? <PortalIsOver /> : <SignIn />;
  }
  if (session.data === undefined) {
    return <div className="p-6">{session.isPending ? <Loading /> : <Failure error={session.error} />}</div>;
  }
  return <RouterProvider router={router} context={{ session: session.data }} />;
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof PosthornError && error.code === "unauthorized";
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
  const [key, setKey] = useState("");
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async () => await api.signIn({ key }),
    onSuccess(session: Session) {
      // Whoever was signed in before may have been allowed to read more.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      queries.setQueryData(["session"], session);
    },
  });
  return (
    <main className="mx-auto flex min-h-screen max-w-md flex-col justify-center px-4">
      <form onSubmit={whenSubmitted(() => signIn.mutate())} className="panel p-6">
        <h1 className="mb-1 text-xl font-semibold">Sign in to Posthorn</h1>
        <p className="mb-5 text-muted">
          With an API key: an admin key reaches every tenant, a tenant&apos;s key what its scopes allow.{" "}
          <code>npm start</code> prints one, and a link that signs in once.
        </p>
        <Field
          label="API key"
          hint="It becomes a session of twelve hours, which ends when the key is revoked."
        >
          {(given) => (
            <input
              {...given}
              type="password"
              autoComplete="current-password"
              required
              className="input font-mono"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          )}
        </Field>
        {signIn.isError && <Failure error={signIn.error} />}
        <button type="submit" className="button button-main mt-4" disabled={signIn.isPending}>
          Sign in
        </button>
      </form>
    </main>
  );
}
