import { describe } from "node:test";
import { describeAbandonment } from "./conformance/abandonment.ts";
import { describeAgeing } from "./conformance/ageing.ts";
import { describeAppend } from "./conformance/append.ts";
import { describeAttemptPages } from "./conformance/attempt-pages.ts";
import { describeAudit } from "./conformance/audit.ts";
import { describeDeadLetters } from "./conformance/dead-letters.ts";
import { describeDirectory } from "./conformance/directory.ts";
import { describeEndedReplays } from "./conformance/ended-replays.ts";
import { describeEndpoints } from "./conformance/endpoints.ts";
import { describeErasure } from "./conformance/erasure.ts";
import { describeEventTypes } from "./conformance/event-types.ts";
import { describeFidelity } from "./conformance/fidelity.ts";
import { describeFlush } from "./conformance/flush.ts";
import { describeGaps } from "./conformance/gaps.ts";
import { describeKeys } from "./conformance/keys.ts";
import { describeLog } from "./conformance/log.ts";
import { describeRaised } from "./conformance/raised.ts";
import { describeReader } from "./conformance/reader.ts";
import { describeRegistry } from "./conformance/registry.ts";
import { describeReopening } from "./conformance/reopening.ts";
import { describeReplays } from "./conformance/replays.ts";
import { describeRetention } from "./conformance/retention.ts";
import { describeRetries } from "./conformance/retries.ts";
import { describeSealedSecrets } from "./conformance/sealed-secrets.ts";
import { describeSecrets } from "./conformance/secrets.ts";
import { describeSettled } from "./conformance/settled.ts";
import type { Open } from "./conformance/setup.ts";
import { describeStats } from "./conformance/stats.ts";
import { describeSurvey } from "./conformance/survey.ts";
import { describeTroubled } from "./conformance/troubled.ts";
import { describeVersions } from "./conformance/versions.ts";

/** Declares the tests that define the ports. Every implementation runs all of them. */
export function describeStores(name: string, open: Open): void {
  // All of them together; a database that is reached by a socket takes its time on a busy machine.
  describe(name, { timeout: 900_000 }, () => {
    describeAppend(open);
    describeKeys(open);
    describeLog(open);
    describeFlush(open);
    describeSettled(open);
    describeRetries(open);
    describeRetention(open);
    describeAgeing(open);
    describeStats(open);
    describeEndedReplays(open);
    describeAbandonment(open);
    describeVersions(open);
    describeRaised(open);
    describeRegistry(open);
    describeEndpoints(open);
    describeTroubled(open);
    describeEventTypes(open);
    describeSecrets(open);
    describeSealedSecrets(open);
    describeReader(open);
    describeDeadLetters(open);
    describeAttemptPages(open);
    describeGaps(open);
    describeReplays(open);
    describeAudit(open);
    describeSurvey(open);
    describeErasure(open);
    describeDirectory(open);
    describeFidelity(open);
    describeReopening(open);
  });
}
