import { checkContainerNames } from '../../compose-file/checks/consistency.ts';
import type { Network, Project, Volume } from '../../compose-file/project.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { ensureImages } from '../images/ensure.ts';
import type { BuildWish } from '../images/build.ts';
import type { Compose } from '../compose.ts';
import { nameOf } from '../containers.ts';
import { COMPOSE_VERSION, LABEL, type Labels } from '../labels.ts';
import { done } from '../progress/resource.ts';
import { execute } from './execute.ts';
import { observe, select, type Observed } from './observed.ts';
import type { Plan } from './plan.ts';
import type { Recreate } from './draft.ts';
import { reconcile } from './reconcile.ts';
import { divergedVolumes } from './reconcile-volumes.ts';

/** Makes everything of a project that is not there as the file says, and starts nothing. */
export interface CreateWish {
  readonly services: readonly string[];
  readonly recreate: Recreate;
  readonly recreateDependencies: Recreate;
  readonly inherit: boolean;
  readonly removeOrphans: boolean;
  readonly ignoreOrphans: boolean;
  readonly quietPull: boolean;
  readonly build?: BuildWish;
  /** Seconds. */
  readonly timeout?: number;
  /** Answers every question with yes. */
  readonly assumeYes?: boolean;
}

export const DEFAULT_CREATE: CreateWish = {
  services: [],
  recreate: 'diverged',
  recreateDependencies: 'diverged',
  inherit: false,
  removeOrphans: false,
  ignoreOrphans: false,
  quietPull: false,
};

export function* create(compose: Compose, project: Project, wish: CreateWish): Step<void> {
  const { separator } = compose;
  const { build, quietPull } = wish;
  checkContainerNames(project);
  const imageDigests = yield* ensureImages(compose, project, {
    ...(build && { build }),
    quietPull,
  });
  const observed = yield* observe(compose, project);
  yield* warnOfOthers(compose, project, observed);
  yield* warnOfOrphans(compose, observed, wish);
  yield* warnOfLeftovers(compose, project, observed);
  const renewVolumes = yield* confirmVolumes(compose, project, observed, wish.assumeYes ?? false);
  const plan = reconcile(project, observed, { ...wish, imageDigests, separator, renewVolumes });
  yield* tellRunning(compose, project, observed, plan);
  const labels = Object.fromEntries(
    Object.keys(project.services).map((name) => {
      const image = imageDigests[name];
      return [
        name,
        { ...serviceLabels(compose, project, name), ...(image && { [LABEL.image]: image }) },
      ];
    }),
  );
  const { timeout } = wish;
  const execution = { compose, project, labels, ...(timeout !== undefined && { timeout }) };
  yield* execute(execution, plan, observed);
}

/** What every container of a service carries beside its own labels. */
export function serviceLabels({ global }: Compose, project: Project, service: string): Labels {
  const envFiles = global.all('env-file');
  return {
    [LABEL.project]: project.name,
    [LABEL.service]: service,
    [LABEL.version]: COMPOSE_VERSION,
    [LABEL.workingDir]: project.workingDir,
    [LABEL.configFiles]: project.composeFiles.join(','),
    [LABEL.oneOff]: 'False',
    ...(envFiles.length > 0 && { [LABEL.environmentFile]: envFiles.join(',') }),
  };
}

/** What carries a key's label beside the one that is used: left over from another name. */
function* warnOfLeftovers(compose: Compose, project: Project, observed: Observed): Step<void> {
  for (const kind of ['networks', 'volumes'] as const) {
    const resources: Readonly<Record<string, Network | Volume>> = project[kind];
    for (const key of Object.keys(resources).sort()) {
      const { selected, others } = select(observed[kind][key], resources[key]?.name ?? key);
      for (const { id, name } of others) {
        const what = kind === 'networks' ? `network "${name}" (id ${id})` : `volume "${name}"`;
        yield* compose.warn(
          `${what} carries the compose label "${key}" but does not match the compose file ` +
            `(using "${selected?.name}"); it is left untouched — remove it manually if it is no ` +
            'longer needed',
        );
      }
    }
  }
}

/** Networks and volumes of the same name that are not this project's are used as they are. */
function* warnOfOthers(compose: Compose, project: Project, observed: Observed): Step<void> {
  for (const [key, { name = key, external }] of Object.entries(project.networks)) {
    const { selected } = select(observed.networks[key], name);
    if (external || !selected || selected.project === project.name) continue;
    const by = selected.project === '' ? 'by compose' : `for project "${project.name}"`;
    const hint = 'Set `external: true` to use an existing network';
    yield* compose.warn(`a network with name ${name} exists but was not created ${by}.\n${hint}`);
  }
  for (const [key, { name = key, external }] of Object.entries(project.volumes)) {
    const { selected } = select(observed.volumes[key], name);
    if (external || !selected || selected.project === project.name) continue;
    const by =
      selected.project === ''
        ? 'but was not created by Docker Compose'
        : `but was created for project "${selected.project}" (expected "${project.name}")`;
    const hint = 'Use `external: true` to use an existing volume';
    yield* compose.warn(`volume "${name}" already exists ${by}. ${hint}`);
  }
}

function* warnOfOrphans(
  compose: Compose,
  { orphans }: Observed,
  { ignoreOrphans, removeOrphans }: CreateWish,
): Step<void> {
  if (orphans.length === 0 || ignoreOrphans || removeOrphans) return;
  yield* compose.warn(
    `Found orphan containers (${orphans.map(nameOf).join(', ')}) for this project. If ` +
      'you removed or renamed this service in your compose file, you can run this command with ' +
      'the --remove-orphans flag to clean it up.',
  );
}

/** Data that would be lost is asked about. */
function* confirmVolumes(
  compose: Compose,
  project: Project,
  observed: Observed,
  assumeYes: boolean,
): Step<string[]> {
  const volumes = new Map(
    Object.entries(project.volumes).flatMap(([key, { name = key }]) => {
      const { selected } = select(observed.volumes[key], name);
      return selected ? [[key, selected] as const] : [];
    }),
  );
  const confirmed: string[] = [];
  for (const key of divergedVolumes({ project, volumes })) {
    const name = project.volumes[key]?.name ?? key;
    const what = `Volume "${name}" exists but doesn't match configuration in compose file.`;
    const question = `${what} Recreate (data will be lost)?`;
    if (assumeYes || (yield* confirm(compose, question))) confirmed.push(key);
  }
  return confirmed;
}

/** `? QUESTION (y/N)`; anything but yes is no. */
export function* confirm({ call }: Compose, question: string): Step<boolean> {
  yield* call.out(`${question} [y/N] `);
  return ['y', 'yes'].includes((yield* call.readLine()).trim().toLowerCase());
}

function* tellRunning(
  { progress }: Compose,
  project: Project,
  observed: Observed,
  plan: Plan,
): Step<void> {
  const planned = new Set(
    plan.nodes.map(({ operation }) => 'container' in operation && operation.container.Id),
  );
  for (const name of Object.keys(project.services)) {
    for (const { summary } of observed.containers[name] ?? []) {
      if (summary.State !== 'running' || planned.has(summary.Id)) continue;
      yield* progress.on(done(`Container ${nameOf(summary)}`, 'Running'));
    }
  }
}
