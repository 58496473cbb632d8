import type { Keyword, Keywords } from "../keyword.ts";
import { numberIn } from "../keyword-forms.ts";
import { tell } from "../run.ts";

/** Keywords for numbers. */
export const NUMBER_KEYWORDS: Keywords = {
  minimum: limit("minimum", "at least", (value, least) => value >= least),
  exclusiveMinimum: limit("exclusiveMinimum", "more than", (value, bound) => value > bound),
  maximum: limit("maximum", "at most", (value, most) => value <= most),
  exclusiveMaximum: limit("exclusiveMaximum", "less than", (value, bound) => value < bound),

  multipleOf(_given, reading) {
    const divisor = numberIn("multipleOf", reading);
    if (divisor === undefined || divisor <= 0) {
      return divisor === undefined ? undefined : reading.refuse(["multipleOf"], "must be more than 0");
    }
    return (value, run) =>
      typeof value !== "number" ||
      isMultiple(value, divisor) ||
      tell(run, `must be a multiple of ${divisor}`);
  },
};

function limit(name: string, words: string, holds: (value: number, bound: number) => boolean): Keyword {
  return (_given, reading) => {
    const bound = numberIn(name, reading);
    return bound === undefined
      ? undefined
      : (value, run) =>
          typeof value !== "number" || holds(value, bound) || tell(run, `must be ${words} ${bound}`);
  };
}

/** Divides decimals as they are written: 19.99 is a multiple of 0.01, though its nearest double is not. */
function isMultiple(value: number, divisor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(divisor)) {
    return value % divisor === 0;
  }
  const [digits, exponent] = decimalOf(value);
  const [divisorDigits, divisorExponent] = decimalOf(divisor);
  const least = Math.min(exponent, divisorExponent);
  const scaled = digits * 10n ** BigInt(exponent - least);
  return scaled % (divisorDigits * 10n ** BigInt(divisorExponent - least)) === 0n;
}

/** Takes a number apart into whole digits and the power of ten that they are multiplied with. */
function decimalOf(value: number): readonly [bigint, number] {
  const [coefficient = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = coefficient.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
