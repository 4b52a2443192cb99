import type { LogChunk } from '../../docker/api.ts';
import { timeQuery } from '../../docker/cli/commands/container-look.ts';
import { failed, query, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { shortId } from '../../docker/units.ts';
import { goQuote } from '../../go/quote.ts';
import type { TaskWire } from '../api.ts';
import type { NodeWire } from '../wire/node.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf } from './lines.ts';

/** `docker service logs` (docker/cli v29.7 `cli/command/service/logs.go`). */
interface Target {
  readonly path: string;
  readonly isTty: boolean;
  /** Digits of the largest slot. */
  readonly width: number;
}

export function* logs(call: Invocation): Step<number> {
  const { flags, args } = call;
  const raw = flags.has('raw');
  const target = yield* targetOf(call, args[0] ?? '');
  if (typeof target === 'string') return yield* call.fail(target);
  if (target.isTty && !raw) {
    return yield* call.fail('tty service logs only supported with --raw');
  }
  const since = timeQuery(flags.text('since'), yield* call.now());
  if (since === undefined) {
    const why = 'failed to parse value as time or duration';
    return yield* call.fail(`invalid value for "since": ${why}: ${goQuote(flags.text('since'))}`);
  }
  const request = {
    method: 'GET',
    path: `${target.path}/logs`,
    query: {
      ...query({
        stdout: true,
        stderr: true,
        follow: flags.has('follow'),
        timestamps: flags.has('timestamps'),
        details: flags.has('details') || !raw,
        tail: flags.text('tail', 'all'),
      }),
      ...(since !== '' && { since }),
    },
  } as const;
  const names = new Map<string, string>();
  const answer = yield* call.follow(request, function* (chunk: LogChunk) {
    const text = raw ? chunk.text : yield* withName(call, chunk.text, target.width, names);
    yield* chunk.stream === 'stderr' ? call.err(text) : call.out(text);
  });
  const problem = problemOf(answer);
  return problem === undefined ? 0 : yield* call.fail(problem);
}

/** A service, or else a task; in words when it is neither. */
function* targetOf(call: Invocation, name: string): Step<Target | string> {
  const service = yield* call.get<ServiceWire>(`/services/${name}`);
  if (!failed(service)) {
    const { TaskTemplate, Mode } = service.body.Spec;
    return {
      path: `/services/${name}`,
      isTty: TaskTemplate.ContainerSpec.TTY === true,
      width: String(Mode.Replicated?.Replicas ?? 1).length,
    };
  }
  if (service.status !== 404) return problemOf(service) ?? '';
  const task = yield* call.get<TaskWire>(`/tasks/${name}`);
  if (task.status === 404) return `no such task or service: ${name}`;
  const problem = problemOf(task);
  if (problem !== undefined) return problem;
  const { Spec, Slot = 0 } = task.body;
  return {
    path: `/tasks/${name}`,
    isTty: Spec.ContainerSpec.TTY === true,
    width: String(Slot).length,
  };
}

const PREFIX = 'com.docker.swarm.';

/** Whose line it is in front of it, in place of the ids that came with it. */
function* withName(
  call: Invocation,
  text: string,
  width: number,
  names: Map<string, string>,
): Step<string> {
  const { flags } = call;
  const hasTime = flags.has('timestamps');
  const first = text.indexOf(' ');
  const time = hasTime ? text.slice(0, first + 1) : '';
  const rest = hasTime ? text.slice(first + 1) : text;
  const at = rest.indexOf(' ');
  const details = rest.slice(0, at);
  const pairs = details.split(',').map((pair) => pair.split('=') as [string, string?]);
  const values = new Map(pairs.map(([key, value = '']) => [key, value]));
  const id = (kind: string): string => values.get(`${PREFIX}${kind}.id`) ?? '';
  const key = `${id('task')} ${id('node')}`;
  const known = names.get(key);
  const name = known ?? (yield* taskName(call, id('task'), id('service'), id('node'), width));
  names.set(key, name);
  const other = pairs
    .filter(([one]) => !one.startsWith(PREFIX))
    .map(([one, value = '']) => `${one}=${value}`)
    .sort();
  const shown = flags.has('details') ? `${other.join(',')} ` : '';
  return `${time}${name}    | ${shown}${rest.slice(at + 1)}`;
}

/** `web.1.0123456789ab@node-2`. */
function* taskName(
  call: Invocation,
  task: string,
  service: string,
  node: string,
  width: number,
): Step<string> {
  const { flags } = call;
  const resolves = !flags.has('no-resolve');
  const seen = yield* call.get<TaskWire>(`/tasks/${task}`);
  const slot = failed(seen) ? 0 : (seen.body.Slot ?? 0);
  const owner = yield* call.get<ServiceWire>(`/services/${service}`);
  const host = yield* call.get<NodeWire>(`/nodes/${node}`);
  const serviceName = resolves && !failed(owner) ? owner.body.Spec.Name : service;
  const nodeName = resolves && !failed(host) ? host.body.Description.Hostname : node;
  const shownId = flags.has('no-trunc') ? task : shortId(task);
  const suffix = flags.has('no-task-ids') ? '' : `.${shownId}`;
  const padding = ' '.repeat(Math.max(width - String(slot).length, 0));
  return `${serviceName}.${slot}${suffix}@${nodeName}${padding}`;
}
