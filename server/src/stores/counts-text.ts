import { COUNT_NAMES, type Counts, DURATION_BUCKETS, emptyCounts } from "../model/stat.ts";

/** Says counts as text: an object of those that are not 0, buckets by their numbers. */
export function textOfCounts(counts: Counts): string {
  const named = COUNT_NAMES.flatMap((name) => (counts[name] === 0 ? [] : [[name, counts[name]] as const]));
  const buckets = counts.durations.flatMap((count, bucket) =>
    count === 0 ? [] : [[String(bucket), count] as const],
  );
  return JSON.stringify(Object.fromEntries([...named, ...buckets]));
}

/** Reads counts; what is damaged counts as nothing, as nobody is owed it. */
export function countsIn(text: string): Counts {
  const members = membersIn(text);
  const countOf = (name: string): number => {
    const value = members[name];
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const counts = emptyCounts();
  for (const name of COUNT_NAMES) {
    counts[name] = countOf(name);
  }
  for (let bucket = 0; bucket < DURATION_BUCKETS; bucket += 1) {
    counts.durations[bucket] = countOf(String(bucket));
  }
  return counts;
}

function membersIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
