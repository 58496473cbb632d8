/** What of a range a replay delivers, by where its deliveries stand when it comes to them. */
export type ReplayChoice = "dead" | "missed" | "undelivered" | "all";
