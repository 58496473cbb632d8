/** How the leases of a log stand between nodes. */
export interface Standing {
  readonly leases: number;
  /** Those there are, this one among them. */
  readonly nodes: number;
  /** Leases of this node, but for those that it is about to give up. */
  readonly mine: number;
  /** Leases that nobody has. */
  readonly free: number;
}

/** What a node does about it. */
export interface Moves {
  readonly claims: number;
  readonly givesUp: number;
}

/** No node has more than its share, rounded up: so that there is always one that takes what is free. */
export function movesTo({ leases, nodes, mine, free }: Standing): Moves {
  const share = Math.ceil(leases / Math.max(1, nodes));
  return { claims: Math.max(0, Math.min(free, share - mine)), givesUp: Math.max(0, mine - share) };
}
