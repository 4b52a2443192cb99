/**
 * ln(n) of a whole number from 1 up, with additions, multiplications and divisions only, which all
 * engines round alike: n = m * 2^k with m in [0.75, 1.5), ln m = 2 * atanh((m - 1) / (m + 1)).
 */
const LN2 = 0.693_147_180_559_945_3;
const TERMS = 40;

export function naturalLogarithm(n: number): number {
  let mantissa = n;
  let twos = 0;
  while (mantissa >= 1.5) {
    mantissa /= 2;
    twos += 1;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  let power = z;
  let sum = 0;
  for (let term = 0; term < TERMS; term++) {
    sum += power / (2 * term + 1);
    power *= z * z;
  }
  return twos * LN2 + 2 * sum;
}
