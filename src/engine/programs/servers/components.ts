import type { ProcessPlan, ProgramModel } from '../program.ts';

/**
 * The components of a cluster where they run as containers.
 *
 * Simplified: they hold memory and end when they are told to; what they do the engine does. Memory
 * is a model figure.
 */
const MEGABYTE = 1_048_576;

function component(megabytes: number, lastWords?: string): ProgramModel {
  const log = lastWords === undefined ? [] : [{ stream: 'stderr', text: lastWords } as const];
  const end = { exitCode: 0, afterMs: 5, log };
  const plan: ProcessPlan = {
    steps: [],
    signals: { SIGTERM: end, SIGINT: end },
    memoryBytes: megabytes * MEGABYTE,
  };
  return { plan: () => plan };
}

export const COMPONENTS: Readonly<Record<string, ProgramModel>> = {
  'kube-apiserver': component(260),
  'kube-controller-manager': component(55),
  'kube-scheduler': component(25),
  'kube-proxy': component(18),
  etcd: component(45),
  coredns: component(14),
  pause: component(0.5, 'Shutting down, got signal: Terminated'),
};
