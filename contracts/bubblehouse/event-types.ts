import type { EventType } from "../contract.ts";

/**
 * The event names that Bubblehouse's page mentions, with the properties that it mentions for each; others
 * may come, of both.
 *
 * The page lists "Asset Unlocked" and speaks elsewhere of "Achievement Unlocked": both may occur.
 */
export const bubblehouseEventTypes: readonly EventType[] = [
  {
    name: "Points Updated",
    description:
      "A customer's balance of points changed. The page's sample has segment_props.BH_Source, " +
      "extra_props.BH_Points and extra_props.order_id.",
  },
  {
    name: "Points Earned",
    description: "A customer was given points: segment_props.BH_Source, extra_props.BH_Points.",
  },
  { name: "Points Redeemed", description: "A customer paid for a reward with points." },
  { name: "Points Expired", description: "Points lapsed by the programme's rules." },
  {
    name: "Tier Reached",
    description:
      "A customer rose to another tier: segment_props.BH_Tier, the new one; extra_props.BH_Reward_Coupon.",
  },
  {
    name: "Asset Unlocked",
    description: "A customer unlocked an achievement: segment_props.BH_Achievement, its name.",
  },
  {
    name: "Achievement Unlocked",
    description: "A customer unlocked an achievement: segment_props.BH_Achievement, its name.",
  },
  { name: "Vendible Redeemed", description: "A customer redeemed a reward that is for sale." },
  { name: "Referral Approved (Sender)", description: "A referral succeeded; for the customer who referred." },
  {
    name: "Referral Approved (Receiver)",
    description:
      "A referral succeeded; for the person who was referred: referred_user is true, and new_user no longer.",
  },
  {
    name: "Referred (Receiver)",
    description:
      "Someone was referred, and is expected to be new: new_user and referred_user are true, " +
      "segment_props.BH_Channel and BH_HasCoupon; extra_props.BH_Sender_FirstName, BH_Sender_Email, BH_Link.",
  },
  { name: "Birthday", description: "It is a customer's birthday." },
  { name: "Anniversary", description: "A customer joined a number of years ago today." },
];
