import { withScale } from '../../compose-file/project/scale.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import { goQuote } from '../../go/quote.ts';
import { isOn, type Compose } from '../compose.ts';
import type { CreateWish } from '../convergence/create.ts';
import type { Recreate } from '../convergence/draft.ts';
import { refuse } from '../failure.ts';
import { numberFlag } from './command.ts';

/** Flags that `up`, `create` and `run` share (docker/compose v5.5 `cmd/compose/create.go`). */
const POLICIES = ['always', 'never', 'build', 'missing', 'if_not_present'];

/** The project as the flags change it: `--pull`, `--build`, `--scale`. */
export function withCreateFlags({ flags }: Compose, project: Project): Project {
  const pull = flags.last('pull');
  if (pull !== undefined && !POLICIES.includes(pull)) refuse(`invalid --pull option "${pull}"`);
  let changed = withServices(project, (service) => ({
    ...service,
    ...(pull !== undefined && { pull_policy: pull }),
    ...(flags.has('build') && service.build && { pull_policy: 'build' }),
  }));
  changed = withPlatform(changed);
  for (const text of flags.all('scale')) changed = scaled(changed, text);
  return changed;
}

function withPlatform(project: Project): Project {
  const { DOCKER_DEFAULT_PLATFORM: platform } = project.environment;
  if (!platform) return project;
  return withServices(project, (service) => ({ platform, ...service }));
}

function scaled(project: Project, text: string): Project {
  const at = text.indexOf('=');
  const [name, count] = [text.slice(0, at), text.slice(at + 1)];
  if (at === -1 || count === '') {
    refuse(`invalid --scale option ${goQuote(text)}. Should be SERVICE=NUM`);
  }
  if (!/^[-+]?\d+$/.test(count)) {
    refuse(`strconv.Atoi: parsing ${goQuote(count)}: invalid syntax`);
  }
  return withScale(project, name, Number(count));
}

function withServices(project: Project, change: (service: Service) => Service): Project {
  const services = Object.entries(project.services).map(([name, one]) => [name, change(one)]);
  return { ...project, services: Object.fromEntries(services) as Project['services'] };
}

export function recreateOf({ flags }: Compose): { named: Recreate; others: Recreate } {
  if (flags.has('no-recreate')) return { named: 'never', others: 'never' };
  const isForced = flags.has('force-recreate') || flags.has('renew-anon-volumes');
  const others = flags.has('always-recreate-deps') ? 'force' : 'diverged';
  return { named: isForced ? 'force' : 'diverged', others };
}

export function createWishOf(
  compose: Compose,
  project: Project,
  services: readonly string[],
): CreateWish {
  const { flags, env } = compose;
  const { named, others } = recreateOf(compose);
  const timeout = numberFlag(compose, 'timeout');
  const ignoreOrphans = isOn(project.environment.COMPOSE_IGNORE_ORPHANS ?? '');
  const removeOrphans = flags.changed('remove-orphans')
    ? flags.has('remove-orphans')
    : isOn(env.COMPOSE_REMOVE_ORPHANS ?? '');
  if (ignoreOrphans && removeOrphans) {
    refuse('cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans');
  }
  return {
    ...{ services, recreate: named, recreateDependencies: others, removeOrphans, ignoreOrphans },
    inherit: !flags.has('renew-anon-volumes'),
    quietPull: flags.has('quiet-pull'),
    assumeYes: flags.has('yes'),
    ...(timeout !== undefined && { timeout }),
    ...(!flags.has('no-build') && {
      build: {
        services: Object.keys(project.services),
        dependencies: !flags.has('no-deps'),
        quiet: flags.has('quiet-build'),
      },
    }),
  };
}
