import type { FaultName, Plan } from "./plan.ts";
import type { Dice } from "./random.ts";

/** Decides whether something goes wrong here and now. Once the world is healed, nothing does. */
export interface Faults {
  fires(name: FaultName): boolean;
  isArmed(name: FaultName): boolean;
  /** Uses one of the run's lives; false if there are none left. */
  spendLife(): boolean;
  heal(): void;
  readonly isHealed: boolean;
}

export function createFaults(plan: Plan, dice: Dice): Faults {
  let isHealed = false;
  let lives = plan.livesMax;
  return {
    fires(name) {
      const probability = plan.faults.get(name);
      return !isHealed && probability !== undefined && dice.chance(probability);
    },
    isArmed: (name) => plan.faults.has(name),
    spendLife() {
      if (lives === 0) {
        return false;
      }
      lives -= 1;
      return true;
    },
    heal() {
      isHealed = true;
    },
    get isHealed() {
      return isHealed;
    },
  };
}
