import type { TaskObject } from './objects.ts';

/** `SERVICE.SLOT.ID`, or `SERVICE.NODE.ID` (moby/swarmkit v2.1 `api/naming/naming.go`). */
export const taskName = (
  service: string,
  { id, slot, node }: Pick<TaskObject, 'id' | 'slot' | 'node'>,
): string => `${service}.${slot === 0 ? node : slot}.${id}`;
