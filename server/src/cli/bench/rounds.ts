import { cpuUs, type Measurement, medianOf, perSecond } from "./measurement.ts";

/** What was measured in rounds, one system after the other in each. */
export interface Rounds<System extends string> {
  /** Deliveries a second, the median. */
  perSecond(system: System): number;
  /** Microseconds of CPU for one delivery, the median. */
  cpuUs(system: System): number;
  /** Both of all systems, by what they are. */
  figures(): Record<string, number>;
}

/** Measures each system in every round, and once before: the first round finds everything cold. */
export async function alternate<System extends string>(
  rounds: number,
  systems: Readonly<Record<System, () => Promise<Measurement>>>,
): Promise<Rounds<System>> {
  const results = new Map<string, Measurement[]>();
  const measures = Object.entries<() => Promise<Measurement>>(systems);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [system, measure] of measures) {
      const measured = await measure();
      results.set(system, round === 0 ? [] : [...(results.get(system) ?? []), measured]);
    }
  }
  const median = (system: string, figure: (measured: Measurement) => number): number =>
    medianOf((results.get(system) ?? []).map(figure));
  return {
    perSecond: (system) => median(system, perSecond),
    cpuUs: (system) => median(system, cpuUs),
    figures: () =>
      Object.fromEntries(
        measures.flatMap(([system]) => [
          [`${system}: deliveries/s`, median(system, perSecond)],
          [`${system}: us of CPU for one`, median(system, cpuUs)],
        ]),
      ),
  };
}
