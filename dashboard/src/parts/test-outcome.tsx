import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../session.ts";
import { adviceFor, diagnosisOf } from "../text/strip.ts";
import { Failure } from "./failure.tsx";
import { useMay } from "./permission.ts";

interface TestOutcomeProps {
  readonly tenant: string;
  readonly endpoint: string;
}

/** Sends a test, and says what the receiver answered. */
export function TestOutcome({ tenant, endpoint }: TestOutcomeProps) {
  const may = useMay({ method: "POST", path: `/v1/tenants/${tenant}/endpoints/${endpoint}/test` });
  const send = useMutation({ mutationFn: async () => await api.sendTest(tenant, endpoint) });
  if (!may) {
    return null;
  }
  return (
    <section aria-label="Test it">
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" className="button" disabled={send.isPending} onClick={() => send.mutate()}>
          {send.isSuccess ? "Send another test" : "Send a test event"}
        </button>
        {send.isSuccess && <Outcome key={send.data.id} tenant={tenant} event={send.data.id} />}
      </div>
      {send.isError && <Failure error={send.error} />}
    </section>
  );
}

function Outcome({ tenant, event }: { readonly tenant: string; readonly event: string }) {
  const { data, error } = useQuery({
    queryKey: ["attempts", tenant, { event, outcome: true }],
    queryFn: async () => (await api.listAttempts(tenant, { event, limit: 1 }).page()).data,
    // Until there is one; the stream may tell sooner.
    refetchInterval: ({ state }) => (state.data?.length === 1 ? false : 1000),
  });
  const [attempt] = data ?? [];
  if (error !== null) {
    return <Failure error={error} />;
  }
  const said =
    attempt === undefined
      ? "On its way…"
      : attempt.verdict === "delivered"
        ? `✓ ${diagnosisOf(attempt)}`
        : `✗ ${[diagnosisOf(attempt), adviceFor(attempt)].join(" ")}`;
  return (
    <p role="status" className={attempt?.verdict === "delivered" ? "text-good" : "min-w-0 basis-60 grow"}>
      {said}{" "}
      {attempt !== undefined && (
        <Link to="/t/$tenant/events/$event" params={{ tenant, event }} className="link">
          See what happened
        </Link>
      )}
    </p>
  );
}
