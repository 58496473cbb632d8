/** Something that the command palette leads to. */
export interface Choice {
  /** Tells it from the others. */
  readonly id: string;
  readonly kind: "Do" | "Screen" | "Event" | "Attempt" | "Endpoint" | "Tenant";
  readonly name: string;
  readonly run: () => void;
}

/** Returns those that have every word that was typed, in their order, and no more than are shown. */
export function matching(choices: readonly Choice[], typed: string, max: number): readonly Choice[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return choices
    .filter(({ kind, name }) => {
      const text = `${kind} ${name}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .slice(0, max);
}

/** Says what an id is of, where what was typed is one. */
export function idIn(
  typed: string,
): { readonly kind: "Event" | "Attempt" | "Endpoint"; readonly id: string } | undefined {
  const id = typed.trim();
  const kind = KINDS.find(([, form]) => form.test(id))?.[0];
  return kind === undefined ? undefined : { kind, id };
}

const KINDS = [
  ["Event", /^evt_[0-9a-f]{16}$/],
  ["Attempt", /^att_[0-9a-f]{32}_\d+_\d+$/],
  ["Endpoint", /^ep_[0-9a-f]{16}$/],
] as const;
