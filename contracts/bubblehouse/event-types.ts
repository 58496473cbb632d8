import type { EventType } from "../contract.ts";

/**
 * The event names that Bubblehouse's page mentions; others may come.
 *
 * The page lists "Asset Unlocked" and speaks elsewhere of "Achievement Unlocked": both may occur.
 */
export const bubblehouseEventTypes: readonly EventType[] = [
  { name: "Points Updated", description: "A customer's balance of points changed." },
  { name: "Points Earned", description: "A customer was given points." },
  { name: "Points Redeemed", description: "A customer paid for a reward with points." },
  { name: "Points Expired", description: "Points lapsed by the programme's rules." },
  { name: "Tier Reached", description: "A customer rose to another tier." },
  { name: "Asset Unlocked", description: "A customer unlocked an achievement." },
  { name: "Achievement Unlocked", description: "A customer unlocked an achievement." },
  { name: "Vendible Redeemed", description: "A customer redeemed a reward that is for sale." },
  { name: "Referral Approved (Sender)", description: "A referral succeeded; for the customer who referred." },
  {
    name: "Referral Approved (Receiver)",
    description: "A referral succeeded; for the person who was referred.",
  },
  { name: "Referred (Receiver)", description: "Someone was referred, and is expected to be new." },
  { name: "Birthday", description: "It is a customer's birthday." },
  { name: "Anniversary", description: "A customer joined a number of years ago today." },
];
