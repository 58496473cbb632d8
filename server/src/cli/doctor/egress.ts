import { connect } from "node:net";
import type { Config } from "../../config.ts";
import type { EgressProxy } from "../../egress-proxy.ts";
import { specialKinds } from "../../special-kinds.ts";
import { type Finding, findingsOf } from "./finding.ts";

const guard = findingsOf("guard");
const egress = findingsOf("egress");

/** What an operator has in a network of theirs; the rest is rarely meant. */
const USUAL = "a private address";

const REACH_MS_MAX = 3000;

/** Says what may be called that is not public. */
export function guardFindings({ egressAllow = [] }: Pick<Config, "egressAllow">): readonly Finding[] {
  if (egressAllow.length === 0) {
    return [guard.ok("public addresses alone may be called; posthorn start adds those of this machine")];
  }
  return egressAllow.map((cidr) => {
    const kinds = specialKinds(cidr);
    if (kinds.length === 0) {
      return guard.ok(`${cidr} is listed and begins with a public address, which may be called anyway`);
    }
    const says = `${cidr} may be called: ${kinds.join(", ")}`;
    return kinds.every((kind) => kind === USUAL)
      ? guard.ok(says)
      : guard.warning(
          says,
          "whoever may create endpoints can reach it: list the addresses of your receivers in " +
            "POSTHORN_EGRESS_ALLOW, and no more",
        );
  });
}

/** Says which way requests to receivers go, and whether its proxy takes connections. */
export async function egressFindings(
  { egressProxy }: Pick<Config, "egressProxy">,
  reach = reachFault,
): Promise<readonly Finding[]> {
  if (egressProxy === undefined) {
    return [egress.ok("receivers are called directly, without a proxy")];
  }
  const where = `${egressProxy.hostname} at port ${egressProxy.port}`;
  const fault = await reach(egressProxy);
  return [
    fault === undefined
      ? egress.ok(`receivers are called through ${where}, which judges the addresses of their names`)
      : egress.problem(
          `the proxy ${where} takes no connection: ${fault}`,
          "start it, or set POSTHORN_EGRESS_PROXY right; nothing is delivered without it",
        ),
  ];
}

/** Says why no connection can be made; undefined: one was. */
function reachFault({ hostname, port }: EgressProxy): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, timeout: REACH_MS_MAX });
    const end = (fault: string | undefined) => {
      socket.destroy();
      resolve(fault);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end(`no answer within ${REACH_MS_MAX} ms`));
    socket.once("error", (error) => end("code" in error ? String(error.code) : "it failed"));
  });
}
