/**
 * ` (did you mean RUN?)`: the nearest of the possible words (moby/buildkit v0.32
 * `util/suggest/error.go`: an edit distance of at most two).
 */
const FAR = 3;

export function nearest(
  written: string,
  options: readonly string[],
  caseSensitive: boolean,
): string | undefined {
  const own = caseSensitive ? written : written.toLowerCase();
  let match: string | undefined;
  let least = FAR;
  for (const each of options) {
    const option = caseSensitive ? each : each.toLowerCase();
    // The word itself was right: something else is wrong.
    if (option === own) return undefined;
    if (Math.abs(option.length - own.length) >= least) continue;
    const apart = distance(own, option);
    if (apart < least) {
      match = caseSensitive ? option : withCaseOf(option, written);
      least = apart;
    }
  }
  return match;
}

export function suggestion(
  written: string,
  options: readonly string[],
  caseSensitive = true,
): string {
  const match = nearest(written, options, caseSensitive);
  return match === undefined || match === '' ? '' : ` (did you mean ${match}?)`;
}

function withCaseOf(option: string, written: string): string {
  if (written === written.toLowerCase()) return option.toLowerCase();
  return written === written.toUpperCase() ? option.toUpperCase() : option;
}

/** Edit distance, of words of nearly the same length. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
