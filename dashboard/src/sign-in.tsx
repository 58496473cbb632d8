import type { Session } from "@posthorn/client/operations";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "./parts/failure.tsx";
import { Field } from "./parts/field.tsx";
import { whenSubmitted } from "./parts/when-submitted.ts";
import { api } from "./session.ts";

/** Takes an API key, and tells of the session that it opened. */
export function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const [key, setKey] = useState("");
  const signIn = useMutation({
    mutationFn: async () => await api.signIn({ key }),
    onSuccess: onSignedIn,
  });
  return (
    <form onSubmit={whenSubmitted(() => signIn.mutate())}>
      <Field label="API key" hint="It becomes a session of twelve hours, which ends when the key is revoked.">
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
  );
}
