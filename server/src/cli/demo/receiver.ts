/** The receivers' own process: an Express application, and `@posthorn/receiver` for each contract. */
import { createBspkReceiver } from "@posthorn/receiver/bspk";
import { createBubblehouseReceiver } from "@posthorn/receiver/bubblehouse";
import { expressHandler } from "@posthorn/receiver/express";
import { createSpektrReceiver } from "@posthorn/receiver/spektr";
import express from "express";
import { listeningPort } from "../../listening-port.ts";
import { onInstructions, PATHS, type Report } from "./protocol.ts";
import { createWitness } from "./witness.ts";

const CREATE = {
  bspk: createBspkReceiver,
  spektr: createSpektrReceiver,
  bubblehouse: createBubblehouseReceiver,
};
const report = (message: Report) => process.send?.(message);

const app = express();
const server = app.listen(0, "127.0.0.1", () => report({ kind: "listening", port: listeningPort(server) }));
onInstructions(({ vendor, secret, samples }) => {
  const witness = createWitness(vendor, samples, report);
  const receiver = CREATE[vendor]({ secrets: [secret], onEvent: witness.take, onRefused: witness.refuse });
  app.post(PATHS[vendor], expressHandler(witness.watch(receiver)));
});
process.on("disconnect", () => process.exit(0));
