import type {
  ContainerStateName,
  ContainerSummary,
  ImageSummary,
} from '../../engine/docker/api.ts';
import { humanSize } from '../../engine/docker/units.ts';
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
function viewOfStep(world: World, image: string, wanted: string): NodeView {
  const object = `image ${image}`;
  const { trace } = world.kernel;
  const build = trace.of(object).findLast(({ verb }) => verb === 'build');
  const records = build ? [...trace.since(build.id)] : [];
  const step = records.find(
    ({ object: of, detail }) => of === object && stepOf(detail?.step)?.name === wanted,
  );
  if (!step) return { state: 'empty', object };
  if (step.verb === 'step-cached') return { badge: 'CACHED', object };
  // Stages are built side by side: only what comes later in its own says that a step is done.
  const stage = stepOf(step.detail?.step)?.stage;
  const isAfter = (verb: string, other: unknown): boolean =>
    verb === 'built' || stepOf(other)?.stage === stage;
  const isDone = records.some(
    ({ id, object: of, verb, detail }) =>
      id > step.id &&
      ((of === object && isAfter(verb, detail?.step)) ||
        (verb === 'layer' && detail?.step === step.detail?.step)),
  );
  return isDone ? { state: 'succeeded', badge: 'DONE', object } : { state: 'starting', object };
}

/** `3` of `[3/5] COPY . .`, `build/3` of `[build 3/4] COPY . .`. */
function stepOf(step: unknown): { readonly stage: string; readonly name: string } | undefined {
  if (typeof step !== 'string') return undefined;
  const [, stage = '', number] = /^\[(?:(\S+) )?(\d+)\//.exec(step) ?? [];
  if (number === undefined) return undefined;
  return { stage, name: stage === '' ? number : `${stage}/${number}` };
}

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
  /** `IMAGE:NUMBER` or `IMAGE:STAGE/NUMBER`, the image as `docker build -t` was given it. */
  step(world, which) {
    const at = which.lastIndexOf(':');
    return viewOfStep(world, which.slice(0, at), which.slice(at + 1));
  },
  /** What one of the world's own registries names: `web:1.0`. */
  tag(world, name) {
    const isThere = world.namesInRegistries().includes(name);
    return { state: isThere ? 'succeeded' : 'empty', object: 'component registry' };
  },
  /** The image by what it takes on disk, as `docker image ls` says; the whole reference. */
  'image-size'(world, reference) {
    const object = `image ${reference}`;
    for (const { name: machine, docker } of world.machines) {
      const list = docker ? world.look<unknown>(machine, '/images/json') : undefined;
      if (!Array.isArray(list)) continue;
      const tag = reference.replace(/^docker\.io\/(library\/)?/, '');
      const found = (list as ImageSummary[]).find(({ RepoTags }) => RepoTags.includes(tag));
      if (found) return { state: 'succeeded', badge: humanSize(found.Size), object };
    }
    return { state: 'empty', object };
  },
  /** The whole reference, as the trace has it: `docker.io/library/nginx:latest`. */
  image(world, reference) {
    const object = `image ${reference}`;
    const found = world.images().find((image) => image.reference === reference);
    if (!found) return { state: 'empty', object };
    return { state: 'succeeded', badge: shortDigest(found.digest), object };
  },
};
