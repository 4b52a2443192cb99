import { Scheduler } from '../scheduler/scheduler.ts';
import { ConstraintEnforcer } from './constraint-enforcer.ts';
import { Drain } from './drain.ts';
import { Global } from './global.ts';
import { Jobs } from './jobs.ts';
import { removeTasksOfGone } from './removal.ts';
import { Replicated } from './replicated.ts';
import { Restarts, type OrchestratorRooms } from './restart.ts';
import { TaskReaper } from './task-reaper.ts';
import { Updates } from './update.ts';

/** What a leader does about services and their tasks (moby/swarmkit v2.1 `manager/manager.go`). */
export function orchestrate(rooms: OrchestratorRooms): void {
  const restarts = new Restarts(rooms);
  // A task is replaced by one of its own version before an update takes note that it failed.
  new Drain(rooms, restarts);
  const updates = new Updates(rooms, restarts);
  new ConstraintEnforcer(rooms);
  new Replicated(rooms, restarts, updates);
  new Global(rooms, restarts, updates);
  new Jobs(rooms, restarts);
  removeTasksOfGone(rooms, restarts);
  new TaskReaper(rooms);
  new Scheduler(rooms);
}
