import type { EventType } from "../contract.ts";

/**
 * spektr's event types, by the names on the wire.
 *
 * Those of tags are `customer_tag_add` and `customer_tag_remove`, although the vendor's headings say ADDED
 * and REMOVED. Under ALERT_ESCALATED its page repeats the wire name of ALERT_RESOLVED; as all other names are
 * their headings in lower case, it is `alert_escalated` here.
 */
export const spektrEventTypes: readonly EventType[] = [
  { name: "process_run_start", description: "A process began to run." },
  { name: "loop_run_start", description: "A loop began to run." },
  { name: "process_run_end", description: "A process ran to its end." },
  { name: "service_run", description: "An external service answered." },
  { name: "alert_escalated", description: "An alert was raised and waits for someone." },
  { name: "alert_resolved", description: "An alert was resolved." },
  { name: "customer_tag_add", description: "A customer was given a tag, by a process or a user." },
  { name: "customer_tag_remove", description: "A customer lost a tag." },
  {
    name: "customer_status_change",
    description: "A customer's status changed.",
    deprecatedFor: "customer_status_changed",
  },
  {
    name: "customer_status_changed",
    description: "A customer's status changed; says how, by a process or a user.",
  },
  { name: "customer_duplicate_detection", description: "A customer turned out to be known already." },
  {
    name: "customer_record_update",
    description: "A customer's fields were updated from outside; carries the new values.",
    deprecatedFor: "customer_record_changed",
  },
  {
    name: "customer_record_changed",
    description: "A customer's fields changed; carries the old and the new values.",
  },
  { name: "ownership_ai_created", description: "A search for owners created a customer." },
  { name: "ownership_ai_added_owner", description: "A search for owners added an owner to the graph." },
  { name: "client_record_sync", description: "A customer that came through a connector was synchronised." },
  { name: "step_init", description: "A form was shown." },
  { name: "step_submit", description: "A form was submitted." },
];
