import { withSelectedServices } from '../../compose-file/project/profiles.ts';
import { withScale } from '../../compose-file/project/scale.ts';
import { create as createProject, DEFAULT_CREATE } from '../convergence/create.ts';
import { startProject } from '../convergence/start.ts';
import { refuse } from '../failure.ts';
import { Crew } from '../together.ts';
import type { ComposeCommand } from './command.ts';
import { createWishOf, withCreateFlags } from './create-options.ts';

/** `docker compose create` and `scale` (docker/compose v5.5 `cmd/compose/{create,scale}.go`). */
export const create: ComposeCommand = function* (compose) {
  const { flags, args, progress } = compose;
  for (const [one, other] of [
    ['build', 'no-build'],
    ['force-recreate', 'no-recreate'],
  ] as const) {
    if (flags.has(one) && flags.has(other)) refuse(`--${one} and --${other} are incompatible`);
  }
  const project = withCreateFlags(compose, yield* compose.project({ services: args }));
  const wish = createWishOf(compose, project, args);
  yield* progress.during('create', createProject(compose, project, wish));
  return 0;
};

export const scale: ComposeCommand = function* (compose) {
  const { flags, args, progress, call } = compose;
  const counts = new Map(args.map(countOf));
  const services = [...counts.keys()].sort();
  let project = yield* compose.project({ services });
  if (flags.has('no-deps')) {
    project = withSelectedServices(project, services, 'none');
  }
  for (const [name, count] of counts) {
    project = withScale(project, name, count);
  }
  yield* progress.during(
    'scale',
    (function* () {
      yield* createProject(compose, project, { ...DEFAULT_CREATE, services });
      const crew = new Crew(call);
      crew.add(startProject(compose, crew, project));
      yield* crew.run();
    })(),
  );
  return 0;
};

function countOf(text: string): [string, number] {
  const at = text.indexOf('=');
  const [name, count] = [text.slice(0, at), text.slice(at + 1)];
  if (at <= 0 || count === '') refuse(`invalid scale specifier: ${text}`);
  if (!/^[-+]?\d+$/.test(count)) {
    refuse(`invalid scale specifier: can't parse replica value as int: ${text}`);
  }
  return [name, Number(count)];
}
