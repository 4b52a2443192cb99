const SUFFIXES = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Thousandths as a decimal quantity in its canonical form: `250m`, `2`, `12k`. */
export function milliQuantity(milli: number): string {
  let value = milli;
  let suffix = 0;
  while (value !== 0 && value % 1000 === 0 && suffix < SUFFIXES.length - 1) {
    value /= 1000;
    suffix += 1;
  }
  return milli === 0 ? '0' : `${value}${SUFFIXES[suffix] ?? ''}`;
}
