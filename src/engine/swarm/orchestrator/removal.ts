import type { Change } from '../store.ts';
import type { OrchestratorRooms, Restarts } from './restart.ts';

/** The tasks of a service that was removed go too (moby/swarmkit v2.1 `orchestrator/service.go`). */
export function removeTasksOfGone(rooms: OrchestratorRooms, restarts: Restarts): void {
  const { store, loops, kernel } = rooms;
  const isGone = (swarm: string, service: string): boolean =>
    service !== '' && store.get(swarm, 'service', service) === undefined;
  loops.add({
    name: 'removal',
    keysOf: (_, change) => (change.kind === 'service' && 'delete' in change ? [change.delete] : []),
    all: (swarm) => {
      const services = new Set(store.list(swarm, 'task').map(({ service }) => service));
      return [...services].filter((service) => isGone(swarm, service));
    },
    work: (swarm, service) => {
      if (!isGone(swarm, service)) return;
      restarts.history.forget(swarm, service);
      const changes = store
        .tasksOf(swarm, service)
        .filter(({ desired }) => desired !== 'remove')
        .map((task): Change => ({ kind: 'task', set: { ...task, desired: 'remove' } }));
      if (changes.length === 0) return;
      const object = `service ${service}`;
      const record = kernel.record({ actor: 'orchestrator', verb: 'remove', object });
      kernel.because(record, () => store.write(swarm, changes));
    },
  });
}
