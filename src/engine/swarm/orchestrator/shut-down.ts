import type { TaskObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { compareStates } from '../task.ts';

/** Those that are to be stopped and are not yet. */
export const shutDown = (tasks: readonly TaskObject[]): Change[] =>
  tasks
    .filter(({ desired }) => compareStates(desired, 'shutdown') < 0)
    .map((task) => ({ kind: 'task', set: { ...task, desired: 'shutdown' } }));
