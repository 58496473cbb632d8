import type { Submission } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The port through which an application stores events in a transaction of its own, so that they exist exactly
 * if what else it did there does. The owner of their tenant's lease moves them into the log.
 */
export interface Inbox {
  /** Takes no lock that another waits for, however long the transaction then stays open. */
  put(transaction: Transaction, submission: Submission): Promise<void>;
}
