import type { ContainerStateName, ContainerSummary } from '../../engine/docker/api.ts';
import type { World } from '../../engine/world.ts';
import type { NodeView } from './figure-view.ts';
import type { StateName } from '../state-glyphs.ts';

/**
 * How nodes show what Docker has. A container may be one node (`container/web`) or a chart of its
 * states, a node each (`state/web:running`), of which the one it is in is lit.
 */

/** The container of a name on the first of the world's machines that has one. */
export function containerOf(world: World, name: string): ContainerSummary | undefined {
  for (const machine of world.machines) {
    if (!machine.docker) continue;
    const list = world.look<unknown>(machine.name, '/containers/json', { all: '1' });
    // A daemon that is down answers with a message.
    if (!Array.isArray(list)) continue;
    const found = (list as ContainerSummary[]).find(({ Names }) => Names.includes(`/${name}`));
    if (found) return found;
  }
  return undefined;
}

const lamps: Readonly<Record<Exclude<ContainerStateName, 'exited'>, StateName>> = {
  created: 'starting',
  running: 'running',
  paused: 'paused',
  restarting: 'waiting',
  removing: 'terminating',
  dead: 'failed',
};

/** The one glyph for a container: what it does, and how it fared when it does nothing. */
export function stateOfContainer({ State, Status, Health }: ContainerSummary): StateName {
  if (State === 'exited') return Status.startsWith('Exited (0)') ? 'succeeded' : 'failed';
  if (State !== 'running') return lamps[State];
  if (Health?.Status === 'unhealthy') return 'failed';
  return Health?.Status === 'starting' ? 'starting' : 'running';
}

/** `exited 137`: the state by Docker's own word, an exit code with it. */
function stateInWords({ State, Status }: ContainerSummary): string {
  const code = /^(?:Exited|Restarting) \((\d+)\)/.exec(Status)?.[1];
  return code === undefined ? State : `${State} ${code}`;
}

/** By the kind in `%% bind node x = KIND/NAME`. */
export const dockerSubjects: Readonly<Record<string, (world: World, name: string) => NodeView>> = {
  container(world, name) {
    const object = `container ${name}`;
    const found = containerOf(world, name);
    if (!found) return { state: 'empty', object };
    return { state: stateOfContainer(found), badge: stateInWords(found), object };
  },
  /** `NAME:STATE`. */
  state(world, chart) {
    const [name = '', state] = chart.split(':');
    const object = `container ${name}`;
    const found = containerOf(world, name);
    if (!found || found.State !== state) return { state: 'empty', object };
    return found.State === 'exited'
      ? { state: stateOfContainer(found), badge: stateInWords(found), object }
      : { state: stateOfContainer(found), object };
  },
  /** The whole reference, as the trace has it: `docker.io/library/nginx:latest`. */
  image(world, reference) {
    const object = `image ${reference}`;
    const found = world.images().find((image) => image.reference === reference);
    if (!found) return { state: 'empty', object };
    return { state: 'succeeded', badge: reference.slice(reference.lastIndexOf(':') + 1), object };
  },
};
