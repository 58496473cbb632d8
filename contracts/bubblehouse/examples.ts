import type { EventExample } from "../contract.ts";
import achievementUnlocked from "./examples/achievement-unlocked.json" with { type: "json" };
import anniversary from "./examples/anniversary.json" with { type: "json" };
import assetUnlocked from "./examples/asset-unlocked.json" with { type: "json" };
import birthday from "./examples/birthday.json" with { type: "json" };
import pointsEarned from "./examples/points-earned.json" with { type: "json" };
import pointsExpired from "./examples/points-expired.json" with { type: "json" };
import pointsRedeemed from "./examples/points-redeemed.json" with { type: "json" };
import referralApprovedReceiver from "./examples/referral-approved-receiver.json" with { type: "json" };
import referralApprovedSender from "./examples/referral-approved-sender.json" with { type: "json" };
import referredReceiver from "./examples/referred-receiver.json" with { type: "json" };
import tierReached from "./examples/tier-reached.json" with { type: "json" };
import vendibleRedeemed from "./examples/vendible-redeemed.json" with { type: "json" };
import pointsUpdated from "./fixtures/SendEvent1.points_updated.json" with { type: "json" };

const inputs = [
  achievementUnlocked,
  anniversary,
  assetUnlocked,
  birthday,
  pointsEarned,
  pointsExpired,
  pointsRedeemed,
  referralApprovedReceiver,
  referralApprovedSender,
  referredReceiver,
  tierReached,
  vendibleRedeemed,
  pointsUpdated,
];

/** An event of every name: what Bubblehouse publishes, and where it publishes nothing, what we made. */
export const bubblehouseExamples: Readonly<Record<string, EventExample>> = Object.fromEntries(
  inputs.map(({ bhid: _bhid, time: _time, name, ...data }) => [name, { data }]),
);
