/**
 * Works in batches of 1, 2, 4 … so that a cluster that refuses one Pod is not asked for hundreds
 * (pkg/controller/controller_utils.go `slowStartBatch`, v1.36). Stops after the batch in which
 * something failed.
 *
 * @param work does one, by its place in the order; false when it failed
 * @returns the number of successes
 */
export function slowStart(
  count: number,
  initialBatch: number,
  work: (index: number) => boolean,
): number {
  let successes = 0;
  let next = 0;
  let left = count;
  for (let batch = Math.min(left, initialBatch); batch > 0; batch = Math.min(2 * batch, left)) {
    let failures = 0;
    for (let i = 0; i < batch; i++) {
      if (work(next)) successes += 1;
      else failures += 1;
      next += 1;
    }
    if (failures > 0) return successes;
    left -= batch;
  }
  return successes;
}
