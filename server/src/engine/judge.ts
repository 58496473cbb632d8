import type { Contract, Verdict } from "@posthorn/contracts/contract";
import type { Sent } from "../outbound/sender.ts";

/**
 * Reads what came of a request. The contract judges what receivers do; what failed on Posthorn's own side is
 * nothing it knows about, and uses up none of a delivery's retries.
 */
export function judge(contract: Contract, answer: Sent["answer"], at: number): Verdict {
  switch (answer.kind) {
    case "unsendable":
      return { kind: "rejected", reason: answer.code };
    case "sender_failed":
      return { kind: "hold", reason: answer.code };
    case "status":
    case "unreachable":
    case "timed_out":
    case "blocked":
    case "bad_response":
      return contract.verdict(answer, at);
  }
}
