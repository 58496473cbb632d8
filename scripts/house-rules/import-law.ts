import { cyclesOf, type Edge, graphOf, reachOf, readEdges } from "./import-graph.ts";
import type { Source } from "./source.ts";
import { type Finding, isTest, type Tree } from "./tree.ts";

/** A part of the house. What is in none of them (sim, bench, test, scripts) may import anything. */
type Zone =
  | "contract"
  | "contracts"
  | "halves"
  | "receiver"
  | "client"
  | "dashboard"
  | "model"
  | "engine"
  | "stores"
  | "sender"
  | "outbound"
  | "api"
  | "cli"
  | "main"
  | "store"
  | "reader"
  | "registry"
  | "idea"
  | "test"
  | "outside";

/** The first pattern that fits a path names its zone. */
const ZONES: readonly (readonly [RegExp, Zone])[] = [
  [/^contracts\/contract\.ts$/, "contract"],
  // No contract, but a list of them: no contract may import it.
  [/^contracts\/receiving-halves\.ts$/, "halves"],
  [/^contracts\//, "contracts"],
  [/^receiver\//, "receiver"],
  [/^client\//, "client"],
  [/^dashboard\//, "dashboard"],
  [/^server\/src\/model\//, "model"],
  [/^server\/src\/engine\//, "engine"],
  [/^server\/src\/stores\//, "stores"],
  [/^server\/src\/outbound\/sender\.ts$/, "sender"],
  [/^server\/src\/outbound\//, "outbound"],
  [/^server\/src\/api\//, "api"],
  [/^server\/src\/cli(\/|\.ts$)/, "cli"],
  [/^server\/src\/(main|databases|built-in-contracts|posthorn)\.ts$/, "main"],
  [/^server\/src\/(store|sharing|inbox)\.ts$/, "store"],
  [/^server\/src\/reader\.ts$/, "reader"],
  [/^server\/src\/registry\.ts$/, "registry"],
  [/^server\//, "idea"],
];

interface Law {
  /** Zones it may import, besides itself. */
  readonly may: readonly Zone[];
  /** Modules of Node: all, or those named. */
  readonly node: "any" | readonly string[];
  readonly packages: boolean;
}

const ANY = { node: "any", packages: true } as const;
const NONE = { node: [], packages: false } as const;

const LAWS: Readonly<Partial<Record<Zone, Law>>> = {
  contract: { may: ["contracts"], ...NONE },
  contracts: { may: ["contract"], node: ["node:crypto"], packages: false },
  halves: { may: ["contract", "contracts"], ...NONE },
  receiver: { may: ["contract", "contracts"], ...NONE },
  client: { may: ["contract", "contracts"], ...NONE },
  dashboard: { may: ["client", "contract", "contracts", "halves"], node: [], packages: true },
  model: { may: [], ...NONE },
  idea: { may: ["model", "contract", "registry"], ...ANY },
  sender: { may: ["model", "contract", "idea"], ...NONE },
  store: { may: ["model", "contract", "idea"], ...NONE },
  reader: { may: ["model", "contract", "idea"], ...NONE },
  registry: { may: ["model", "contract", "idea"], ...NONE },
  engine: { may: ["model", "contract", "store", "sender", "idea"], ...NONE },
  stores: { may: ["model", "store", "reader", "registry", "idea"], ...ANY },
  outbound: { may: ["model", "contract", "sender", "idea"], ...ANY },
  api: { may: ["engine", "reader", "registry", "model", "contract", "contracts", "idea"], ...ANY },
  cli: { may: ["client", "receiver", "contract", "contracts", "halves", "idea"], ...ANY },
};

/** The commands that open a database or serve, and the table of commands. */
const SERVING =
  /^server\/src\/cli(\.ts|\/(serve|start|demo|rotate-master|migrate|move|backup|doctor|config|bench)\b.*)$/;

/** Parts that are delivered: they may not lean on what only the repository has. */
const DELIVERED = /^(contracts|receiver|client|dashboard|server)\//;

/** Judges every import by the law of the house, which ARCHITECTURE.md draws. */
export function checkImports(tree: Tree, sources: readonly Source[]): readonly Finding[] {
  const edges = readEdges(tree, sources);
  const cycles = cyclesOf(graphOf(edges));
  return [
    ...edges.flatMap(checkEdge),
    ...checkReceivingHalves(edges),
    ...cycles.map((cycle) => ({
      rule: "import-cycle",
      path: cycle[0] ?? ".",
      says: `imports itself: ${[...cycle, cycle[0]].join(" → ")}`,
    })),
  ];
}

function zoneOf(path: string): Zone {
  if (isTest(path)) return "test";
  return ZONES.find(([pattern]) => pattern.test(path))?.[1] ?? "outside";
}

function checkEdge(edge: Edge): readonly Finding[] {
  const { from, line, to } = edge;
  const finding = (rule: string, says: string) => [{ rule, path: from, line, says }];
  if (to.kind === "missing") return finding("import-missing", `there is no ${to.specifier}`);
  if (edge.crossesByPath && DELIVERED.test(from)) {
    return finding("import-law", "another package is imported by its name, not by its place");
  }
  const problem = isTest(from) ? problemOfTest(edge) : problemOf(edge);
  return problem === undefined ? [] : finding("import-law", problem);
}

/** A test may import all of its own package, and contracts; a test outside the packages anything. */
function problemOfTest({ from, to }: Edge): string | undefined {
  if (to.kind !== "file" || zoneOf(from.replace(/\.test\./, ".")) === "outside") return undefined;
  const [home = ""] = from.split("/");
  if (to.path.startsWith(`${home}/`) || to.path.startsWith("contracts/")) return undefined;
  return `a test of ${home} imports ${home} and contracts, got ${to.path}`;
}

function problemOf({ from, to }: Edge): string | undefined {
  const zone = zoneOf(from);
  if (to.kind === "file") return fileProblem(from, zone, to.path);
  const law = LAWS[zone];
  if (!law) return undefined;
  if (to.kind === "node" && law.node !== "any" && !law.node.includes(to.name)) {
    const may = law.node.length === 0 ? "no module of Node" : law.node.join(", ");
    return `${zone} may import ${may}; got ${to.name}`;
  }
  if (to.kind === "package" && !law.packages) return `${zone} depends on no package, got ${to.name}`;
  if (to.kind === "computed" && !law.packages) return `${zone} imports only what it names`;
  return undefined;
}

function fileProblem(from: string, zone: Zone, path: string): string | undefined {
  const target = zoneOf(path);
  if (target === "test" && zone !== "outside") return `a program does not import a test, got ${path}`;
  const law = LAWS[zone];
  const vendor = vendorOf(path);
  const isContract = zone === "contract" || zone === "contracts";
  if (isContract && vendor !== undefined && vendor !== vendorOf(from)) {
    return `a contract uses what a user's could: what contracts share, and its own folder; got ${path}`;
  }
  if (!law || target === zone || law.may.includes(target)) return undefined;
  if (target === "main" && SERVING.test(from)) return undefined;
  const may = law.may.length === 0 ? "nothing else" : law.may.join(", ");
  return `${zone} may import ${may}; got ${path} (${target})`;
}

/** The folder that holds one vendor's contract; undefined for what contracts share. */
function vendorOf(path: string): string | undefined {
  return /^contracts\/([^/]+)\//.exec(path)?.[1];
}

/**
 * A Worker loads the receiving half of a contract, so that half needs no module of Node, however far away.
 */
function checkReceivingHalves(edges: readonly Edge[]): readonly Finding[] {
  const graph = graphOf(edges);
  const halves = [...graph.keys()].filter((path) => /^(contracts|receiver)\/.*\breceive\.ts$/.test(path));
  return halves.flatMap((path) => {
    const reach = reachOf(graph, path);
    return edges
      .filter(({ from, to }) => reach.has(from) && to.kind === "node")
      .map(({ from }) => ({
        rule: "receiving-half",
        path,
        says: `a receiving half runs without Node, but ${from} imports a module of it`,
      }));
  });
}
