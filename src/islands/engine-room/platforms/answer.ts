import { stateOfContainer } from '../../../diagram/projection/docker-subjects.ts';
import { stateOfPod } from '../../../diagram/projection/pod-state.ts';
import type { StateName } from '../../../diagram/state-glyphs.ts';
import type { World } from '../../../engine/world.ts';
import { containersOn } from '../panels/docker-objects.ts';
import { withPieces } from '../pieces.ts';
import { sightOf } from '../sights.ts';

/** A platform of the preset `compare`: its machines, what runs on them, and its clients' requests. */
export interface PlatformLook {
  readonly name: PlatformName;
  readonly machines: readonly {
    readonly name: string;
    readonly isUp: boolean;
    readonly units: readonly { readonly name: string; readonly state: StateName }[];
  }[];
  /** What became of the requests of the last experiment; undefined before the first. */
  readonly count?: { readonly sent: number; readonly served: number; readonly failed: number };
}

export type PlatformName = 'compose' | 'swarm' | 'kubernetes';

const MACHINES: Readonly<Record<PlatformName, readonly string[]>> = {
  compose: ['compose-1'],
  swarm: ['swarm-1', 'swarm-2', 'swarm-3'],
  kubernetes: ['node-1', 'node-2', 'node-3'],
};

/** @param body the page's name of the world */
export async function lookAtPlatforms(body: {
  readonly world: string;
}): Promise<readonly PlatformLook[]> {
  const sight = sightOf(body.world);
  const at = (): readonly PlatformLook[] => looksAt(sight.world());
  return sight.look ? sight.look(at) : withPieces(at);
}

function looksAt(world: World): readonly PlatformLook[] {
  const pods = [...(world.cluster?.client.scan('pods', 'default') ?? [])];
  const unitsOn = (platform: PlatformName, machine: string) =>
    platform === 'kubernetes'
      ? pods
          .filter(({ spec }) => spec.nodeName === machine)
          .map((pod) => ({ name: pod.metadata.name, state: stateOfPod(pod, world) }))
      : containersOn(world, machine).map((container) => ({
          name: (container.Names[0] ?? '').replace(/^\//, ''),
          state: stateOfContainer(container),
        }));
  return (Object.keys(MACHINES) as PlatformName[]).map((name) => ({
    name,
    machines: MACHINES[name].map((machine) => ({
      name: machine,
      isUp: !rows(world, 'faults').has(`machine ${machine} down`),
      units: unitsOn(name, machine),
    })),
    ...countOf(world, name),
  }));
}

function countOf(world: World, name: PlatformName): Pick<PlatformLook, 'count'> {
  const row = rows(world, 'compare/clients').get(name) as PlatformLook['count'];
  if (!row) return {};
  const { sent, served, failed } = row;
  return { count: { sent, served, failed } };
}

/** What a room keeps of a world, by its key. */
function rows(world: World, table: string): ReadonlyMap<string, unknown> {
  const entries = world.kernel.store.tables().get(table)?.entries() ?? [];
  return new Map([...entries].map(([key, row]) => [String(key), row]));
}
