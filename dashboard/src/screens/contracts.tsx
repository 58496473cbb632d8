import type { Contract, Event } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Badge } from "../parts/badge.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { Empty, Facts, Loading, Page } from "../parts/page.tsx";
import { Rendering } from "../parts/renderings.tsx";
import { useContracts } from "../parts/use-contracts.ts";
import { serverNow } from "../server-clock.ts";
import { api } from "../session.ts";
import { DISCIPLINES, holdText, retryText } from "../text/contract-facts.ts";
import { signatureOf } from "../text/signatures.ts";
import { relativeText, sizeText } from "../text/times.ts";

// As many as anybody chooses from: who wants another event opens its page, which leads here.
const CHOICES_MAX = 50;

/** Every contract with its rules, and one event as each of them says it. */
export function ContractsScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/contracts" });
  const { event } = useSearch({ from: "/t/$tenant/contracts" });
  const contracts = useContracts();
  const latest = useQuery({
    queryKey: ["latest-events", { tenant }],
    queryFn: async () => (await api.listEvents(tenant, { limit: CHOICES_MAX }).page()).data,
    staleTime: 10_000,
  });
  const chosen = event ?? latest.data?.find(({ is_erased }) => !is_erased)?.id;
  const failed = [contracts, latest].find(({ isError }) => isError);
  return (
    <Page
      title="Contracts"
      about="How events become requests and answers become verdicts. One event, as each contract says it."
    >
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {latest.data !== undefined && <Chooser tenant={tenant} events={latest.data} chosen={chosen} />}
      {contracts.data === undefined || latest.isPending ? (
        !contracts.isError && <Loading />
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {contracts.data.map((contract) => (
            <li key={contract.name} className="panel min-w-0 space-y-3 p-4">
              <About contract={contract} />
              {chosen !== undefined && <Rendering tenant={tenant} event={chosen} contract={contract} />}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

interface ChooserProps {
  readonly tenant: string;
  readonly events: readonly Event[];
  readonly chosen: string | undefined;
}

function Chooser({ tenant, events, chosen }: ChooserProps) {
  const navigate = useNavigate({ from: "/t/$tenant/contracts" });
  if (chosen === undefined) {
    return (
      <div className="mb-4">
        <Empty title="No event to show yet.">
          <p>
            Send one from the{" "}
            <Link to="/t/$tenant/playground" params={{ tenant }} className="link underline">
              Playground
            </Link>
            , of any type: an example of the catalogue will do. It then stands here as each contract says it.
          </p>
        </Empty>
      </div>
    );
  }
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
            {events
              .filter(({ is_erased }) => !is_erased)
              .map((event) => (
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
