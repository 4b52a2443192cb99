import type { Kernel } from '../sim/kernel.ts';
import { ask } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import type { ExperimentName } from './experiments.ts';

/** What a world keeps of comparing: which experiment was the last one on a platform. */
const LAST_SERVICE = 'compare/last';

type Last = ExperimentName | 'done' | '';

/** An empty text to forget it. */
interface LastRequest {
  readonly name: string;
  readonly set?: Last;
}

/** Beside the platforms: whether the images were built and pushed. */
const BUILT = 'images';

/** For programs: the experiment that was the last one on a platform. */
export const last = (name: string) =>
  ask<ExperimentName | ''>(LAST_SERVICE, { name } satisfies LastRequest);

/** For programs: from now on this is the last one. */
export const noteLast = (name: string, set: ExperimentName | '') =>
  ask<ExperimentName | ''>(LAST_SERVICE, { name, set } satisfies LastRequest);

/** For programs: whether the images were built and pushed. */
export const wereBuilt = () => ask<Last>(LAST_SERVICE, { name: BUILT } satisfies LastRequest);

/** For programs: now they are. */
export const noteBuilt = () =>
  ask<Last>(LAST_SERVICE, { name: BUILT, set: 'done' } satisfies LastRequest);

/** Gives a world what is asked for here. */
export function addLast(kernel: Kernel, processes: Processes): void {
  const rows = kernel.store.table<Exclude<Last, ''>>('compare/last');
  processes.service<LastRequest>(LAST_SERVICE, ({ name, set }) => {
    const before = rows.get(name) ?? '';
    if (set === '') rows.delete(name);
    else if (set !== undefined) rows.set(name, set);
    return before;
  });
}
