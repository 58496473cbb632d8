/** Guards of the receiving package. */
import { type Mutation, mutationsOf } from "./mutation.ts";

export const RECEIVER_MUTATIONS: readonly Mutation[] = mutationsOf("receiver/express.ts", [
  "a body in very many pieces ends a receiver's process",
  "joinedBytes(chunks)",
  "joinedBytes(Array.of(...chunks))",
  "receiver/handlers.test.ts",
]);
