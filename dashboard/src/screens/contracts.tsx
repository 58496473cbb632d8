import type { Contract, Event } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../parts/badge.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { Facts, Loading, Page } from "../parts/page.tsx";
import { Rendering } from "../parts/renderings.tsx";
import { Sample, SampleOf } from "../parts/sample.tsx";
import { useContracts } from "../parts/use-contracts.ts";
import { serverNow } from "../server-clock.ts";
import { api } from "../session.ts";
import { DISCIPLINES, holdText, retryText } from "../text/contract-facts.ts";
import { signatureOf } from "../text/signatures.ts";
import { relativeText, sizeText } from "../text/times.ts";

// As many as anybody chooses from: whoever wants another event opens its page, which leads here.
const CHOICES_MAX = 50;

/** Every contract with its rules, and one event or a sample of a type as each of them says it. */
export function ContractsScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/contracts" });
  const { event, type, show } = useSearch({ from: "/t/$tenant/contracts" });
  const navigate = useNavigate({ from: "/t/$tenant/contracts" });
  const contracts = useContracts();
  const latest = useQuery({
    queryKey: ["latest-events", { tenant }],
    queryFn: async () => (await api.listEvents(tenant, { limit: CHOICES_MAX }).page()).data.filter(isWhole),
    staleTime: 10_000,
  });
  const isSample = show === "sample" || type !== undefined || latest.data?.length === 0;
  const chosen = event ?? latest.data?.[0]?.id;
  const failed = [contracts, latest].find(({ isError }) => isError);
  return (
    <Page
      title="Contracts"
      about="How events become requests and answers become verdicts. One event, as each contract says it."
      actions={<Switch isSample={isSample} hasEvents={chosen !== undefined} />}
    >
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {contracts.data === undefined || latest.data === undefined ? (
        failed === undefined && <Loading />
      ) : isSample || chosen === undefined ? (
        <Sample
          tenant={tenant}
          type={type}
          onType={(name) => void navigate({ search: { show: "sample", type: name }, replace: true })}
        >
          {(renderings) => (
            <Side contracts={contracts.data}>
              {(contract) => <SampleOf renderings={renderings} contract={contract} />}
            </Side>
          )}
        </Sample>
      ) : (
        <>
          <Chooser tenant={tenant} events={latest.data} chosen={chosen} />
          <Side contracts={contracts.data}>
            {(contract) => <Rendering tenant={tenant} event={chosen} contract={contract} />}
          </Side>
        </>
      )}
    </Page>
  );
}

function isWhole({ is_erased }: Event): boolean {
  return !is_erased;
}

/** Between events that were accepted and samples of types, which need none. */
function Switch({ isSample, hasEvents }: { readonly isSample: boolean; readonly hasEvents: boolean }) {
  const navigate = useNavigate({ from: "/t/$tenant/contracts" });
  return (
    <>
      <button
        type="button"
        className="button"
        aria-pressed={isSample}
        onClick={() => void navigate({ search: { show: "sample" } })}
      >
        A sample of a type
      </button>
      <button
        type="button"
        className="button"
        aria-pressed={!isSample}
        disabled={!hasEvents}
        title={hasEvents ? undefined : "None was accepted yet"}
        onClick={() => void navigate({ search: {} })}
      >
        An accepted event
      </button>
    </>
  );
}

interface SideProps {
  readonly contracts: readonly Contract[];
  readonly children: (contract: Contract) => ReactNode;
}

function Side({ contracts, children }: SideProps) {
  return (
    <ul className="grid gap-4 lg:grid-cols-2">
      {contracts.map((contract) => (
        <li key={contract.name} className="panel min-w-0 space-y-3 p-4">
          <About contract={contract} />
          {children(contract)}
        </li>
      ))}
    </ul>
  );
}

interface ChooserProps {
  readonly tenant: string;
  readonly events: readonly Event[];
  readonly chosen: string;
}

function Chooser({ tenant, events, chosen }: ChooserProps) {
  const navigate = useNavigate({ from: "/t/$tenant/contracts" });
  const isListed = events.some(({ id }) => id === chosen);
  return (
    <div className="mb-4 max-w-xl">
      <Field
        label="Event"
        hint={
          <>
            One of the latest.{" "}
            <Link to="/t/$tenant/events/$event" params={{ tenant, event: chosen }} className="link underline">
              Look at it
            </Link>
          </>
        }
      >
        {(given) => (
          <select
            {...given}
            className="input"
            value={chosen}
            onChange={({ target }) => void navigate({ search: { event: target.value }, replace: true })}
          >
            {!isListed && <option value={chosen}>{chosen}</option>}
            {events.map((event) => (
              <option key={event.id} value={event.id}>
                {nameOf(event)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function nameOf({ type, subject, accepted_at, data_bytes }: Event): string {
  const when = relativeText(Date.parse(accepted_at), serverNow());
  return [type, ...(subject === null ? [] : [subject]), sizeText(data_bytes), when].join(" · ");
}

function About({ contract }: { readonly contract: Contract }) {
  const { name, discipline, is_default, defaults, catalogue, event_types, handshake } = contract;
  const { batch } = defaults;
  return (
    <>
      <h2 className="flex flex-wrap items-center gap-2 font-semibold">
        {name} <Badge tone="idle">{discipline}</Badge>
        {is_default && <Badge tone="accent">default</Badge>}
      </h2>
      <p>{DISCIPLINES[discipline]}</p>
      <p className="text-muted">{signatureOf(name) ?? "Signed as the code of the installation says."}</p>
      <Facts
        facts={[
          ["Answers within", durationText(defaults.timeout_ms)],
          ["Requests at a time", String(defaults.max_in_flight)],
          ["Retries", retryText(defaults)],
          ["A hold waits", holdText(defaults)],
          ["A batch", batch === null ? "none: one event a request" : batchText(batch)],
          [
            "Disabled",
            defaults.disable_after_ms === null
              ? "never by itself"
              : `after ${durationText(defaults.disable_after_ms)} of failures alone`,
          ],
          ["Catalogue", `${catalogue}, ${event_types.length} types`],
          ["Handshake", handshake === null ? "none" : `counts for ${durationText(handshake.every_ms)}`],
        ]}
      />
    </>
  );
}

function batchText({ events_max, bytes_max, wait_ms }: NonNullable<Contract["defaults"]["batch"]>): string {
  return `${events_max} events, ${sizeText(bytes_max)} or ${durationText(wait_ms)}`;
}
