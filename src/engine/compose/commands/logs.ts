import type { ContainerSummary } from '../../docker/api.ts';
import { timeQuery } from '../../docker/cli/commands/container-look.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, chosenContainer, isOf, nameOf, shortNameOf } from '../containers.ts';
import { refuse } from '../failure.ts';
import { isColoured, LogView } from '../log-view.ts';
import { followLogs, followStarted, monitor } from '../monitor.ts';
import { Crew, type Strand } from '../together.ts';
import { numberFlag, type ComposeCommand } from './command.ts';

/** `docker compose logs` (docker/compose v5.5 `cmd/compose/logs.go`, `pkg/compose/logs.go`). */
export const logs: ComposeCommand = function* (compose) {
  const { flags, args } = compose;
  const index = numberFlag(compose, 'index') ?? 0;
  if (index > 0 && args.length !== 1) refuse('--index requires one service to be selected');
  const { project, name } = yield* compose.projectOrName(args);
  const attached = Object.values(project?.services ?? {})
    .filter(({ attach }) => attach !== false)
    .map((one) => one.name);
  const services = args.length > 0 ? args : attached;
  const containers =
    index > 0
      ? [yield* chosenContainer(compose, name, args[0]!, { index, all: true, oneOff: 'exclude' })]
      : yield* containersOf(compose, name, { services });
  const chosen = project && args.length === 0 ? containers.filter(isOf(services)) : containers;
  const query = yield* logQuery(compose);
  const view = new LogView(compose, {
    prefixed: !flags.has('no-log-prefix'),
    coloured: isColoured(compose),
  });
  const crew = new Crew(compose.call);
  for (const one of chosen) view.register(shortNameOf(one, compose.separator));
  for (const one of chosen) crew.add(follow(compose, view, one, query));
  if (flags.has('follow')) {
    crew.add(watch({ compose, project: name, services }, crew, view, query));
  }
  yield* crew.run();
  return 0;
};

function* logQuery({ flags, call }: Compose): Step<Record<string, string>> {
  const nowMs = yield* call.now();
  const times: Record<string, string> = {};
  for (const name of ['since', 'until'] as const) {
    const text = flags.text(name);
    const time = timeQuery(text, nowMs);
    if (time === undefined) {
      refuse(`invalid value for "${name}": failed to parse value as time or duration: "${text}"`);
    }
    if (time !== '') times[name] = time;
  }
  return {
    ...times,
    tail: flags.text('tail', 'all'),
    ...(flags.has('follow') && { follow: '1' }),
    ...(flags.has('timestamps') && { timestamps: '1' }),
  };
}

function* follow(
  compose: Compose,
  view: LogView,
  container: ContainerSummary,
  query: Readonly<Record<string, string>>,
): Strand {
  const source = shortNameOf(container, compose.separator);
  const status = yield* followLogs(view, { id: container.Id, source, query });
  if (status !== 501) return;
  const why = 'Error response from daemon: configured logging driver does not support reading';
  yield* compose.warn(`Can't retrieve logs for "${nameOf(container)}": ${why}`);
}

function* watch(
  watched: Parameters<typeof monitor>[0],
  crew: Crew,
  view: LogView,
  query: Readonly<Record<string, string>>,
): Strand {
  const followed = new Set<string>();
  const again = function* (id: string, source: string): Strand {
    followed.add(id);
    yield* followStarted(view, { id, source, query });
    followed.delete(id);
  };
  yield* monitor(watched, function* ({ is, id, source, exitCode, restarting }) {
    if (is === 'recreated') return yield* view.status(source, 'has been recreated');
    if (is === 'started') {
      if (!followed.has(id)) crew.add(again(id, source));
      return;
    }
    const tail = restarting ? ' (restarting)' : '';
    yield* view.flush(source);
    yield* view.status(source, `exited with code ${exitCode}${tail}`);
  });
}
