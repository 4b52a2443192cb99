import { withSelectedServices } from '../../compose-file/project/profiles.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Compose } from '../compose.ts';
import { DryInvocation } from '../dry-run.ts';
import { create } from '../convergence/create.ts';
import { startProject } from '../convergence/start.ts';
import { refuse } from '../failure.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import { Crew } from '../together.ts';
import { attachedUp } from './attached-up.ts';
import { createWishOf, withCreateFlags } from './create-options.ts';
import { numberFlag, type ComposeCommand } from './command.ts';

/** `docker compose up` (docker/compose v5.5 `cmd/compose/up.go`, `pkg/compose/up.go`). */
export const up: ComposeCommand = function* (compose) {
  const { flags, global, args, progress } = compose;
  checkFlags(compose);
  let project = yield* compose.project({ services: args });
  if (!global.has('all-resources') && Object.keys(project.services).length === 0) {
    refuse('no service selected');
  }
  if (flags.has('watch')) refuse('docker compose up --watch: watching files is not modelled');
  project = withCreateFlags(compose, project);
  if (flags.has('no-deps')) {
    project = withSelectedServices(project, args, 'none');
  }
  const exitCodeFrom = flags.text('exit-code-from');
  if (exitCodeFrom !== '' && !(exitCodeFrom in project.services)) {
    refuse(`no such service: ${exitCodeFrom}`);
  }
  const wish = createWishOf(compose, project, args);
  if (flags.has('no-start')) {
    yield* progress.during('create', create(compose, project, wish));
    return 0;
  }
  const attachTo = isDetached(compose) ? [] : attachedServices(compose, project);
  yield* progress.during(
    'up',
    (function* () {
      yield* create(compose, project, wish);
      if (isDetached(compose)) yield* startAll(compose, project);
    })(),
  );
  if (isDetached(compose)) return 0;
  if (compose.call instanceof DryInvocation) {
    const what = 'interactive run is not supported in dry-run mode';
    yield* compose.call.out(`end of 'compose up' output, ${what}\n`);
    return 0;
  }
  return yield* attachedUp(compose, project, attachTo);
};

export const isDetached = ({ flags }: Compose): boolean => flags.has('detach') || flags.has('wait');

function* startAll(compose: Compose, project: Project): Step<void> {
  const crew = new Crew(compose.call);
  const seconds = numberFlag(compose, 'wait-timeout') ?? 0;
  crew.add(
    startProject(compose, crew, project, compose.flags.has('wait') ? { wait: { seconds } } : {}),
  );
  yield* crew.run();
}

function attachedServices({ flags, args }: Compose, project: Project): string[] {
  const wanted = flags.all('attach');
  if (wanted.length > 0 && flags.has('attach-dependencies')) {
    refuse('cannot combine --attach and --attach-dependencies');
  }
  const unknown = wanted.filter((name) => !(name in project.services));
  if (unknown.length > 0) {
    refuse(`cannot attach to services not included in up: ${unknown.join(', ')}`);
  }
  const isNamed = (name: string): boolean =>
    args.length === 0 || args.includes(name) || flags.has('attach-dependencies');
  const usual = Object.values(project.services)
    .filter(({ name, attach }) => isNamed(name) && attach !== false)
    .map(({ name }) => name);
  const chosen = wanted.length > 0 ? wanted : usual;
  return chosen.filter((name) => !flags.all('no-attach').includes(name));
}

function checkFlags({ flags }: Compose): void {
  const stops = flags.has('abort-on-container-exit');
  const fails = flags.has('abort-on-container-failure');
  const cascades = stops || (flags.changed('exit-code-from') && !fails);
  if (cascades && fails) {
    refuse('--abort-on-container-failure cannot be combined with --abort-on-container-exit');
  }
  const attaches = flags.has('attach-dependencies') || flags.changed('attach');
  const all =
    '--abort-on-container-exit, --abort-on-container-failure, --attach, --attach-dependencies or --watch';
  if (flags.has('wait') && (attaches || cascades)) {
    const some = '--abort-on-container-exit, --attach or --attach-dependencies';
    refuse(`--wait cannot be combined with ${some}`);
  }
  if (flags.has('detach') && (attaches || cascades || fails || flags.has('watch'))) {
    refuse(`--detach cannot be combined with ${all}`);
  }
  const pairs = [
    ['build', 'no-build', '--build and --no-build'],
    ['renew-anon-volumes', 'no-recreate', '--no-recreate and --renew-anon-volumes'],
    ['force-recreate', 'no-recreate', '--force-recreate and --no-recreate'],
    ['always-recreate-deps', 'no-recreate', '--always-recreate-deps and --no-recreate'],
  ] as const;
  for (const [one, other, text] of pairs) {
    if (flags.has(one) && flags.has(other)) refuse(`${text} are incompatible`);
  }
}
