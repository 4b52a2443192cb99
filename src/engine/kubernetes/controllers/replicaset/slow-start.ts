/**
 * Creates in batches of 1, 2, 4 … so that a cluster that refuses one Pod is not asked for hundreds
 * (pkg/controller/replicaset/replica_set.go `slowStartBatch`, v1.36). Gives the number of
 * successes; stops after the batch in which something failed.
 */
export function slowStart(count: number, initialBatch: number, create: () => boolean): number {
  let successes = 0;
  let left = count;
  for (let batch = Math.min(left, initialBatch); batch > 0; batch = Math.min(2 * batch, left)) {
    let failures = 0;
    for (let i = 0; i < batch; i++) {
      if (create()) successes += 1;
      else failures += 1;
    }
    if (failures > 0) return successes;
    left -= batch;
  }
  return successes;
}
