/** Digits after which every float of 32 bits is told from its neighbours. */
const mostDigits = 9;

/** The shortest decimal that is nearest to this float of 32 bits: 9.99 for 9.989999771118164. */
export function shortestDecimal(float: number): string {
  for (let digits = 6; digits < mostDigits; digits++) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return String(decimal);
  }
  return String(Number(float.toPrecision(mostDigits)));
}
