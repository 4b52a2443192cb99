import type { ContainerStateName, ContainerSummary } from '../../engine/docker/api.ts';
import type { World } from '../../engine/world.ts';
import { containerParts } from './container-parts.ts';
import type { NodeView } from './figure-view.ts';
import type { StateName } from '../state-glyphs.ts';

/**
 * How nodes show what Docker has. A container may be one node (`container/web`) or a chart of its
 * states, a node each (`state/web:running`), of which the one it is in is lit. The steps of a build
 * are nodes (`step/shop:3`), each with what the newest build made of it.
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

/** `exited 137`, `healthy`: the state by Docker's own word, with an exit code, or by its health. */
function stateInWords({ State, Status, Health }: ContainerSummary): string {
  if (State === 'running' && Health && Health.Status !== 'none') return Health.Status;
  const code = /^(?:Exited|Restarting) \((\d+)\)/.exec(Status)?.[1];
  return code === undefined ? State : `${State} ${code}`;
}

const shortDigest = (digest: string): string => digest.slice('sha256:'.length, 14);

/**
 * A step of the newest build of an image, by the words that docker build has for it; one that the
 * build has not come to is empty.
 */
function viewOfStep(world: World, image: string, number: string): NodeView {
  const object = `image ${image}`;
  const { trace } = world.kernel;
  const build = trace.of(object).findLast(({ verb }) => verb === 'build');
  const records = build ? [...trace.since(build.id)] : [];
  const step = records.find(
    ({ object: of, detail }) => of === object && stepNumber(detail?.step) === number,
  );
  if (!step) return { state: 'empty', object };
  if (step.verb === 'step-cached') return { badge: 'CACHED', object };
  const isDone = records.some(
    ({ id, object: of, verb, detail }) =>
      id > step.id && (of === object || (verb === 'layer' && detail?.step === step.detail?.step)),
  );
  return isDone ? { state: 'succeeded', badge: 'DONE', object } : { state: 'starting', object };
}

/** `3` of `[3/5] COPY . .`. */
const stepNumber = (step: unknown): string | undefined =>
  typeof step === 'string' ? /^\[(\d+)\//.exec(step)?.[1] : undefined;

/** By the kind in `%% bind node x = KIND/NAME`. */
export const dockerSubjects: Readonly<Record<string, (world: World, name: string) => NodeView>> = {
  ...containerParts,
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
  /** `IMAGE:NUMBER`, the image as `docker build -t` was given it. */
  step(world, which) {
    const at = which.lastIndexOf(':');
    return viewOfStep(world, which.slice(0, at), which.slice(at + 1));
  },
  /** What one of the world's own registries names: `web:1.0`. */
  tag(world, name) {
    const isThere = world.namesInRegistries().includes(name);
    return { state: isThere ? 'succeeded' : 'empty', object: 'component registry' };
  },
  /** The whole reference, as the trace has it: `docker.io/library/nginx:latest`. */
  image(world, reference) {
    const object = `image ${reference}`;
    const found = world.images().find((image) => image.reference === reference);
    if (!found) return { state: 'empty', object };
    return { state: 'succeeded', badge: shortDigest(found.digest), object };
  },
};
