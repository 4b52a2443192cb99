import type { ContainerStateName, HealthStatus } from '../api.ts';
import { humanDuration } from '../units.ts';
import type { ContainerStateRow } from './row.ts';

/** The state's one name (moby/moby v29.7 `daemon/container/state.go`, `State`). */
export function stateName(state: ContainerStateRow): ContainerStateName {
  if (state.running) {
    if (state.paused) return 'paused';
    return state.restarting ? 'restarting' : 'running';
  }
  if (state.removing) return 'removing';
  if (state.dead) return 'dead';
  return state.startedMs === undefined ? 'created' : 'exited';
}

/** The column STATUS (the same file, `String`; health as `daemon/container/health.go` has it). */
export function statusText(state: ContainerStateRow, health: HealthStatus, nowMs: number): string {
  const since = (timeMs: number | undefined): string => humanDuration(nowMs - (timeMs ?? nowMs));
  if (state.running) {
    const up = `Up ${since(state.startedMs)}`;
    if (state.paused) return `${up} (Paused)`;
    if (state.restarting) return `Restarting (${state.exitCode}) ${since(state.finishedMs)} ago`;
    if (health === 'none') return up;
    return `${up} (${health === 'starting' ? 'health: starting' : health})`;
  }
  if (state.removing) return 'Removal In Progress';
  if (state.dead) return 'Dead';
  if (state.startedMs === undefined) return 'Created';
  return state.finishedMs === undefined
    ? ''
    : `Exited (${state.exitCode}) ${since(state.finishedMs)} ago`;
}
