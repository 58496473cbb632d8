import type { Answer, Contract } from "@posthorn/contracts/contract";
import { checkedContract } from "../server/src/checked-contract.ts";
import { CONTRACTS, USERS_CONTRACTS } from "./contracts.ts";
import type { Faults } from "./faults.ts";
import type { Dice } from "./random.ts";

/** The contracts as the engines of a run have them: those of a user do what they may not, now and then. */
export interface InstalledContracts {
  readonly contracts: ReadonlyMap<string, Contract>;
  /** Whether the contract gets this answer wrong, so that nobody learns what it said. */
  isMisjudged(endpointContract: Contract, answer: Answer): boolean;
}

export function installContracts(faults: Faults, dice: Dice): InstalledContracts {
  const misjudged = new WeakMap<Answer, boolean>();

  function isMisjudged({ name }: Contract, answer: Answer): boolean {
    const isWrong = misjudged.get(answer) ?? (isUsers(name) && faults.fires("contract_wrong"));
    misjudged.set(answer, isWrong);
    return isWrong;
  }

  function installed(contract: Contract): Contract {
    if (!isUsers(contract.name)) {
      return checkedContract(contract);
    }
    const { batchLimits, handshake } = contract;
    const wrong: Contract = {
      ...contract,
      request: (...given) => (faults.fires("contract_wrong") ? misdone(dice) : contract.request(...given)),
      verdict: (answer, at) => (isMisjudged(contract, answer) ? misdone(dice) : contract.verdict(answer, at)),
      ...(handshake && {
        handshake: {
          ...handshake,
          request: (...given) =>
            faults.fires("contract_wrong") ? misdone(dice) : handshake.request(...given),
          reception: (greeted) =>
            isMisjudged(contract, greeted.answer) ? misdone(dice) : handshake.reception(greeted),
        },
      }),
      ...(batchLimits && {
        batchLimits: (settings) => (faults.fires("contract_wrong") ? misdone(dice) : batchLimits(settings)),
      }),
    };
    return checkedContract(wrong);
  }

  return {
    contracts: new Map([...CONTRACTS].map(([name, contract]) => [name, installed(contract)])),
    isMisjudged,
  };
}

function isUsers(name: string): boolean {
  return USERS_CONTRACTS.some((contract) => contract.name === name);
}

/** What a function does that is not as it must be. */
function misdone(dice: Dice): never {
  const result: unknown = dice.pick<() => unknown>([
    () => Promise.reject(new Error("simulated")),
    () => null,
    () => ({ kind: "retry", reason: "Try again!" }),
    () => ({ kind: "request", url: "https://x.test/", headers: { a: "b\r\nc" }, payload: new Uint8Array() }),
    () => {
      throw new Error("simulated");
    },
  ])();
  // @ts-expect-error -- plain JavaScript has no compiler to refuse this
  return result;
}
