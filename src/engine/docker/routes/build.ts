import type { Processes } from '../../sim/processes.ts';
import type { SolveArgs } from '../../build/solve.ts';
import { daemonOn } from '../actor.ts';
import type { Route } from './route.ts';

export const buildRoutes = (processes: Processes): Route[] => [
  {
    method: 'POST',
    path: /^\/build$/,
    handle: ({ machine, body, stream, asker }) => {
      const args = { ...(body as SolveArgs), machine, by: daemonOn(machine), progress: stream };
      return processes.delegate(asker, 'build/solve', args);
    },
  },
];
