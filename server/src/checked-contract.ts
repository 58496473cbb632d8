import type { Contract, Greeted, Handshake } from "@posthorn/contracts/contract";
import {
  batchLimitsFault,
  endpointProblemsFault,
  greetingFault,
  jwkFault,
  publicKeyFault,
  receptionFault,
  requestFault,
  secretFault,
  verdictFault,
} from "./contract-results.ts";

const CODES = {
  request: "contract_request",
  verdict: "contract_verdict",
  "handshake.request": "contract_handshake_request",
  "handshake.reception": "contract_handshake_reception",
  batchLimits: "contract_batch_limits",
  makeSecret: "contract_make_secret",
  publicKeyOf: "contract_public_key_of",
  jwkOf: "contract_jwk_of",
  checkEndpoint: "contract_check_endpoint",
} as const satisfies Partial<Record<keyof Contract | `handshake.${keyof Handshake}`, string>>;

type Member = keyof typeof CODES;

/** A snake_case code, such as `contract_verdict_threw`: it stands where a stopped lane is shown. */
export type ContractFaultCode = `${(typeof CODES)[Member]}_${"threw" | "invalid"}`;

/**
 * A contract did what none may: threw, or returned what is no result. Its message names contract and
 * function and repeats nothing that either was given or gave (invariant 12); what was thrown is the cause.
 */
export class ContractFault extends Error {
  override readonly name = "ContractFault";
  readonly code: ContractFaultCode;

  constructor(code: ContractFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Returns the contract with functions that either return what they must or throw a ContractFault. Engine and
 * API see every contract so, the vendors' and a user's alike.
 */
export function checkedContract(contract: Contract): Contract {
  const { handshake, batchLimits, publicKeyOf, jwkOf } = contract;

  function checked<Given extends unknown[], Result>(
    member: Member,
    run: (...given: Given) => Result,
    faultOf: (result: unknown, ...given: Given) => string | undefined,
  ): (...given: Given) => Result {
    const of = `${member}() of the contract ${JSON.stringify(contract.name)}`;
    return (...given) =>
      outcomeOf(() => run.apply(contract, given), {
        code: CODES[member],
        of,
        faultOf: (result) => faultOf(result, ...given),
      });
  }

  return {
    ...contract,
    request: checked("request", contract.request, (result, _endpoint, events) =>
      requestFault(result, events),
    ),
    verdict: checked("verdict", contract.verdict, verdictFault),
    ...(handshake && {
      handshake: {
        ...handshake,
        request: checked(
          "handshake.request",
          (...given: Parameters<Handshake["request"]>) => handshake.request(...given),
          greetingFault,
        ),
        reception: checked(
          "handshake.reception",
          (greeted: Greeted) => handshake.reception(greeted),
          receptionFault,
        ),
      },
    }),
    ...(batchLimits && { batchLimits: checked("batchLimits", batchLimits, batchLimitsFault) }),
    makeSecret: checked("makeSecret", contract.makeSecret, secretFault),
    ...(publicKeyOf && { publicKeyOf: checked("publicKeyOf", publicKeyOf, publicKeyFault) }),
    ...(jwkOf && { jwkOf: checked("jwkOf", jwkOf, jwkFault) }),
    checkEndpoint: checked("checkEndpoint", contract.checkEndpoint, endpointProblemsFault),
  };
}

interface Call {
  readonly code: (typeof CODES)[Member];
  /** Names function and contract. */
  readonly of: string;
  readonly faultOf: (result: unknown) => string | undefined;
}

function outcomeOf<Result>(run: () => Result, { code, of, faultOf }: Call): Result {
  let result: Result;
  let fault: string | undefined;
  try {
    result = run();
    fault = isPromise(result) ? "must be there at once, and is a promise" : faultOf(result);
  } catch (cause) {
    throw new ContractFault(`${code}_threw`, `${of} threw`, { cause });
  }
  if (fault !== undefined) {
    throw new ContractFault(`${code}_invalid`, `what ${of} returns ${fault}`);
  }
  return result;
}

/** Tells a promise; nobody will wait for it, so that its rejection must not end the process. */
function isPromise(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("then" in value)) {
    return false;
  }
  Promise.resolve(value).catch(() => undefined);
  return true;
}
