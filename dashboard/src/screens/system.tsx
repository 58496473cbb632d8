import type { Node, System } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Ago } from "../parts/ago.tsx";
import { ReadFailure } from "../parts/failure.tsx";
import { Facts, Loading, Page } from "../parts/page.tsx";
import { api } from "../session.ts";
import { sizeText } from "../text/times.ts";

/** What the installation runs on, for whoever runs it. */
export function SystemScreen() {
  const query = useQuery({
    queryKey: ["system"],
    queryFn: async () => {
      const [system, nodes] = await Promise.all([api.getSystem(), api.listNodes().page(undefined)]);
      return { system, nodes: nodes.data };
    },
    refetchInterval: 5000,
  });
  return (
    <Page title="System" about="What this installation runs on: its nodes, its database, its settings.">
      {query.isPending && <Loading />}
      <ReadFailure query={query} />
      {query.data !== undefined && (
        <div className="space-y-6">
          <Ground system={query.data.system} />
          <Nodes nodes={query.data.nodes} />
          <Shards shards={query.data.system.shards} />
          <Settings settings={query.data.system.settings} />
        </div>
      )}
    </Page>
  );
}

const DATABASES = { memory: "memory", sqlite: "SQLite", postgres: "PostgreSQL" } as const;

function Ground({ system }: { readonly system: System }) {
  const { database, migrations, disk_free_bytes, is_accepting, version } = system;
  const { applied, known } = migrations;
  return (
    <section className="panel p-4">
      <Facts
        facts={[
          ["Version", version],
          ["Database", `${DATABASES[database.kind]} ${database.version ?? ""}`],
          ["Size", sizeText(database.bytes)],
          ["Migrations", applied === known ? `all ${known}` : `${applied}, and this version knows ${known}`],
          [
            "Disk free",
            disk_free_bytes === null ? "on the database's own machine" : sizeText(disk_free_bytes),
          ],
          ["Accepts events", is_accepting ? "yes" : "no: the disk is nearly full"],
        ]}
      />
    </section>
  );
}

function Nodes({ nodes }: { readonly nodes: readonly Node[] }) {
  return (
    <Table title="Nodes" columns={["Node", "Version", "There since", "Counts until", "Shards"]}>
      {nodes.map(({ id, is_this, version, joined_at, alive_until, shards }) => (
        <tr key={id}>
          <td className="whole break-words">
            <code>{id}</code>
            {is_this && <span className="block text-[12px] text-muted">answers you</span>}
          </td>
          <td data-column="Version">{version ?? "an older one"}</td>
          <td data-column="There since">
            <Ago at={joined_at} never="not told" />
          </td>
          <td data-column="Counts until">
            <Ago at={alive_until} never="as long as it runs" />
          </td>
          <td data-column="Shards" className="tabular-nums">
            {shards.length}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Shards({ shards }: { readonly shards: System["shards"] }) {
  return (
    <Table title="Shards" columns={["Shard", "Owner", "Epoch", "Held until"]}>
      {shards.map(({ shard, node, epoch, held_until }) => (
        <tr key={shard}>
          <td data-column="Shard" className="tabular-nums">
            {shard}
          </td>
          <td data-column="Owner" className="break-words">
            {node === null ? <b>nobody</b> : <code>{node}</code>}
          </td>
          <td data-column="Epoch" className="tabular-nums">
            {epoch}
          </td>
          <td data-column="Held until">
            <Ago at={held_until} never={node === null ? "not held" : "as long as its node runs"} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Settings({ settings }: { readonly settings: System["settings"] }) {
  return (
    <Table title="Settings" columns={["Name", "Value", "From"]}>
      {settings.map(({ name, value, source }) => (
        <tr key={name}>
          <td className="whole">
            <code>{name}</code>
          </td>
          <td className="break-words">
            {value === null ? <span className="text-muted">not set</span> : <code>{value}</code>}
          </td>
          <td data-column="From">{source}</td>
        </tr>
      ))}
    </Table>
  );
}

interface TableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

function Table({ title, columns, children }: TableProps) {
  return (
    <section>
      <h2 className="mb-2 font-semibold">{title}</h2>
      <div className="panel overflow-x-auto">
        <table className="grid-table stacks">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}
