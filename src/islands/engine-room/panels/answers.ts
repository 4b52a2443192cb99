/** All that panels ask, in one piece: the worker fetches it when a panel is first opened. */
export { compareBranches } from './compare-branches.ts';
export { detail } from './detail.ts';
export { events } from './events.ts';
export { inspect } from './inspect.ts';
export { berth, map } from './map.ts';
export { objects } from './objects.ts';
export { history, next } from './time.ts';
