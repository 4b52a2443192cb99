import * as attachments from '../../docker/cli/commands/container-attach.ts';
import * as files from '../../docker/cli/commands/container-files.ts';
import { stats as containerStats } from '../../docker/cli/commands/container-stats.ts';
import type { Compose } from '../compose.ts';
import { chosenContainer, containersOf, nameOf } from '../containers.ts';
import { refuse } from '../failure.ts';
import { isTerminal } from '../terminal.ts';
import { asDocker, flagsOf } from './delegate.ts';
import { numberFlag, type ComposeCommand } from './command.ts';

/**
 * Commands that go into a container of a service, and do there what docker does (docker/compose
 * v5.5 `pkg/compose/{exec,cp,attach_service,export,commit}.go`).
 */
function* targetOf(compose: Compose, service: string, all = false) {
  const name = yield* compose.projectName();
  const index = numberFlag(compose, 'index') ?? 0;
  return (yield* chosenContainer(compose, name, service, { index, all })).Id;
}

export const exec: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const [service = '', ...command] = args;
  const id = yield* targetOf(compose, service);
  const hasTerminal = (yield* isTerminal(call.self.stdout)) && !flags.has('no-tty');
  const interactive = !flags.changed('interactive') || flags.has('interactive');
  const typed = flagsOf({
    detach: flags.has('detach'),
    interactive,
    tty: hasTerminal && (!flags.changed('tty') || flags.has('tty')),
    user: flags.last('user'),
    privileged: flags.has('privileged'),
    workdir: flags.last('workdir'),
    env: flags.all('env'),
  });
  return yield* asDocker(compose, attachments.exec, 'container exec', {
    flags: typed,
    args: [id, ...command],
  });
};

export const attach: ComposeCommand = function* (compose) {
  const { flags, args } = compose;
  const id = yield* targetOf(compose, args[0] ?? '');
  return yield* asDocker(compose, attachments.attach, 'container attach', { flags, args: [id] });
};

export const exportService: ComposeCommand = function* (compose) {
  const id = yield* targetOf(compose, compose.args[0] ?? '', true);
  const { flags } = compose;
  return yield* asDocker(compose, files.exportContainer, 'container export', { flags, args: [id] });
};

export const commit: ComposeCommand = function* (compose) {
  const [service = '', ...names] = compose.args;
  const id = yield* targetOf(compose, service, true);
  const { flags } = compose;
  return yield* asDocker(compose, files.commit, 'container commit', {
    flags,
    args: [id, ...names],
  });
};

export const stats: ComposeCommand = function* (compose) {
  const { flags, args } = compose;
  const name = yield* compose.projectName();
  const all = flags.has('all');
  const found = yield* containersOf(compose, name, { all, services: args });
  if (found.length === 0) return 0;
  return yield* asDocker(compose, containerStats, 'container stats', {
    flags,
    args: found.map(({ Id }) => Id),
  });
};

/** `SERVICE:PATH`; without a service when it begins with `.` or `/`, or has no colon. */
function split(text: string): { readonly service: string; readonly path: string } {
  const at = text.indexOf(':');
  if (at <= 0 || /^[./]/.test(text)) return { service: '', path: text };
  return { service: text.slice(0, at), path: text.slice(at + 1) };
}

export const cp: ComposeCommand = function* (compose) {
  const { flags, args, progress } = compose;
  const [from = '', to = ''] = args;
  const [source, target] = [split(from), split(to)];
  if (source.service !== '' && target.service !== '') {
    refuse('copying between services is not supported');
  }
  const service = source.service || target.service;
  if (service === '') refuse('unknown copy direction');
  const name = yield* compose.projectName();
  const index = numberFlag(compose, 'index') ?? 0;
  const oneOff = flags.has('all') ? 'include' : 'exclude';
  const found =
    index > 0
      ? [yield* chosenContainer(compose, name, service, { index, all: true, oneOff: 'exclude' })]
      : yield* containersOf(compose, name, { oneOff, services: [service] });
  if (found.length === 0) refuse(`no container found for service "${service}"`);
  for (const one of source.service === '' ? found : found.slice(0, 1)) {
    const id = nameOf(one);
    const isFrom = source.service !== '';
    const details = isFrom ? `${id}:${source.path} to ${to}` : `${from} to ${id}:${target.path}`;
    yield* progress.on({ id, status: 'working', text: 'Copying', details });
    const words = isFrom ? [`${one.Id}:${source.path}`, to] : [from, `${one.Id}:${target.path}`];
    const typed = flagsOf({
      quiet: true,
      archive: flags.has('archive'),
      'follow-link': flags.has('follow-link'),
    });
    const code = yield* asDocker(compose, files.copy, 'container cp', {
      flags: typed,
      args: words,
    });
    if (code !== 0) return code;
    yield* progress.on({ id, status: 'done', text: 'Copied', details });
  }
  return 0;
};
