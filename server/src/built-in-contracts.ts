import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents, cloudEventsBatch } from "@posthorn/contracts/cloudevents/send";
import type { Contract } from "@posthorn/contracts/contract";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";

/** The contracts that every installation has. */
export const CONTRACTS: ReadonlyMap<string, Contract> = new Map(
  [standard, bspk, spektr, bubblehouse, cloudEvents, cloudEventsBatch].map((contract) => [
    contract.name,
    contract,
  ]),
);
