import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { movesTo } from "./fair-share.ts";

describe("movesTo()", () => {
  test("a node alone takes all that is free", () => {
    assert.deepEqual(movesTo({ leases: 16, nodes: 1, mine: 0, free: 16 }), { claims: 16, givesUp: 0 });
  });

  test("a node gives up what is more than its share when another joins", () => {
    assert.deepEqual(movesTo({ leases: 16, nodes: 2, mine: 16, free: 0 }), { claims: 0, givesUp: 8 });
  });

  test("a node takes no more than its share of what is free", () => {
    assert.deepEqual(movesTo({ leases: 16, nodes: 3, mine: 4, free: 12 }), { claims: 2, givesUp: 0 });
  });

  test("a node without a share among more nodes than leases takes nothing that another has", () => {
    assert.deepEqual(movesTo({ leases: 2, nodes: 3, mine: 1, free: 0 }), { claims: 0, givesUp: 0 });
  });

  test("however nodes come and go, every lease has an owner in the end, and each node its share", () => {
    for (let leases = 1; leases <= 33; leases += 1) {
      const owned: number[] = [];
      for (const nodes of [1, 2, 5, 3, 8, 1, 4]) {
        owned.length = Math.min(owned.length, nodes);
        owned.push(...Array.from({ length: nodes - owned.length }, () => 0));
        const free = () => leases - owned.reduce((sum, mine) => sum + mine, 0);
        for (const _ of ["all give up", "all claim"]) {
          for (const [node, mine] of owned.entries()) {
            const { claims, givesUp } = movesTo({ leases, nodes, mine, free: free() });
            owned[node] = mine + claims - givesUp;
          }
        }
        assert.equal(free(), 0, `${leases} leases, ${nodes} nodes`);
        assert.ok(Math.max(...owned) <= Math.ceil(leases / nodes));
      }
    }
  });
});
