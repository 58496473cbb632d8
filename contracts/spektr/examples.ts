import type { EventExample } from "../contract.ts";
import alertEscalated from "./fixtures/alert_escalated.json" with { type: "json" };
import alertResolved from "./fixtures/alert_resolved.json" with { type: "json" };
import clientRecordSync from "./fixtures/client_record_sync.json" with { type: "json" };
import customerDuplicateDetection from "./fixtures/customer_duplicate_detection.json" with { type: "json" };
import customerRecordChanged from "./fixtures/customer_record_changed.json" with { type: "json" };
import customerRecordUpdate from "./fixtures/customer_record_update.json" with { type: "json" };
import customerStatusChange from "./fixtures/customer_status_change.json" with { type: "json" };
import customerStatusChanged from "./fixtures/customer_status_changed.json" with { type: "json" };
import customerTagAdd from "./fixtures/customer_tag_add.json" with { type: "json" };
import customerTagRemove from "./fixtures/customer_tag_remove.json" with { type: "json" };
import loopRunStart from "./fixtures/loop_run_start.json" with { type: "json" };
import ownershipAiAddedOwner from "./fixtures/ownership_ai_added_owner.json" with { type: "json" };
import ownershipAiCreated from "./fixtures/ownership_ai_created.json" with { type: "json" };
import processRunEnd from "./fixtures/process_run_end.json" with { type: "json" };
import processRunStart from "./fixtures/process_run_start.json" with { type: "json" };
import serviceRun from "./fixtures/service_run.json" with { type: "json" };
import stepInit from "./fixtures/step_init.json" with { type: "json" };
import stepSubmit from "./fixtures/step_submit.json" with { type: "json" };

const events = [
  alertEscalated,
  alertResolved,
  clientRecordSync,
  customerDuplicateDetection,
  customerRecordChanged,
  customerRecordUpdate,
  customerStatusChange,
  customerStatusChanged,
  customerTagAdd,
  customerTagRemove,
  loopRunStart,
  ownershipAiAddedOwner,
  ownershipAiCreated,
  processRunEnd,
  processRunStart,
  serviceRun,
  stepInit,
  stepSubmit,
];

/** An event of every type, as spektr publishes it. */
export const spektrExamples: Readonly<Record<string, EventExample>> = Object.fromEntries(
  events.map(({ eventType, spektrId, data }) => [eventType, { subject: spektrId, data }]),
);
