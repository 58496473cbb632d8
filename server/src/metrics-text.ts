/** One measurement, as Prometheus reads it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly value: number;
  /** Of few values each: none is a tenant, an endpoint or a type. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Writes measurements in Prometheus' text format 0.0.4; those of one name stand together. */
export function metricsText(metrics: readonly Metric[]): string {
  return [...Map.groupBy(metrics, ({ name }) => name)]
    .map(([name, ofName]) => {
      const [first] = ofName;
      const samples = ofName.map(({ labels = {}, value }) => `${name}${labelsText(labels)} ${value}`);
      const heading = first && [`# HELP ${name} ${escaped(first.help)}`, `# TYPE ${name} ${first.type}`];
      return [...(heading ?? []), ...samples, ""].join("\n");
    })
    .join("");
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value, true)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string, isQuoted = false): string {
  const plain = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return isQuoted ? plain.replaceAll('"', '\\"') : plain;
}
