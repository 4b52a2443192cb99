import type { EngineRequest, EngineResponse } from '../../api.ts';
import { daemonError, failed, query, type Invocation, type Step } from '../invocation.ts';
import { resourcesOf } from '../options/container-config.ts';
import { parseRestart } from '../options/restart.ts';
import { isRefused } from '../../../go/refused.ts';

/** Commands that change the state of containers named (docker/cli v29.7, `cli/command/container`). */
function* each(
  call: Invocation,
  requestOf: (name: string) => EngineRequest,
  passes: (answer: EngineResponse) => boolean = () => false,
): Step<number> {
  const problems: string[] = [];
  for (const name of call.args) {
    const answer = yield* call.ask(requestOf(name));
    if (!failed(answer)) yield* call.out(`${name}\n`);
    else if (!passes(answer)) problems.push(daemonError(answer));
  }
  return yield* call.joined(problems);
}

const bare = (name: string): string => name.replace(/^\/+|\/+$/g, '');

const post =
  (action: string, asked: Readonly<Record<string, string>> = {}) =>
  (name: string): EngineRequest => ({
    method: 'POST',
    path: `/containers/${bare(name)}/${action}`,
    query: asked,
  });

function stopping(call: Invocation, action: 'stop' | 'restart'): Step<number> {
  const { flags } = call;
  if (flags.changed('time') && flags.changed('timeout')) {
    return call.fail('conflicting options: cannot specify both --timeout and --time');
  }
  const t = flags.last('timeout') ?? flags.last('time');
  return each(call, post(action, query({ t, signal: flags.last('signal') })));
}

export const stop = (call: Invocation): Step<number> => stopping(call, 'stop');
export const restart = (call: Invocation): Step<number> => stopping(call, 'restart');

export const kill = (call: Invocation): Step<number> =>
  each(call, post('kill', query({ signal: call.flags.last('signal') })));

export const pause = (call: Invocation): Step<number> => each(call, post('pause'));
export const unpause = (call: Invocation): Step<number> => each(call, post('unpause'));

export function* remove(call: Invocation): Step<number> {
  const { flags, args } = call;
  const force = flags.has('force');
  if (args.some((name) => bare(name) === '')) {
    return yield* call.fail('container name cannot be empty');
  }
  const asked = query({ force, v: flags.has('volumes'), link: flags.has('link') });
  return yield* each(
    call,
    (name) => ({ method: 'DELETE', path: `/containers/${bare(name)}`, query: asked }),
    // By force, one that is not there is as good as removed.
    ({ status }) => force && status === 404,
  );
}

export function* wait(call: Invocation): Step<number> {
  const problems: string[] = [];
  for (const name of call.args) {
    const answer = yield* call.post<{ StatusCode: number }>(`/containers/${bare(name)}/wait`);
    if (failed(answer)) problems.push(daemonError(answer));
    else yield* call.out(`${answer.body.StatusCode}\n`);
  }
  return yield* call.joined(problems);
}

export function* rename(call: Invocation): Step<number> {
  const [from = '', to = ''] = call.args;
  const answer = yield* call.post(`/containers/${bare(from)}/rename`, { name: to });
  if (!failed(answer)) return 0;
  return yield* call.fail(`failed to rename container: ${daemonError(answer)}`);
}

const LIMITS = [
  ...['blkio-weight', 'cpu-period', 'cpu-quota', 'cpu-rt-period', 'cpu-rt-runtime', 'cpu-shares'],
  ...['cpus', 'cpuset-cpus', 'cpuset-mems', 'memory', 'memory-reservation', 'memory-swap'],
  ...['pids-limit', 'restart', 'kernel-memory'],
];

export function* update(call: Invocation): Step<number> {
  const { flags, args } = call;
  if (!LIMITS.some((name) => flags.changed(name))) {
    return yield* call.fail('you must provide one or more flags when using this command');
  }
  const restartText = flags.text('restart');
  const policy = restartText === '' ? undefined : parseRestart(restartText);
  if (isRefused(policy)) return yield* call.fail(policy.refused);
  const body = { ...resourcesOf(flags), ...(policy ? { RestartPolicy: policy } : {}) };
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const name of args) {
    const path = `/containers/${bare(name)}/update`;
    const answer = yield* call.post<{ Warnings?: readonly string[] | null }>(path, {}, body);
    if (failed(answer)) problems.push(daemonError(answer));
    else {
      yield* call.out(`${name}\n`);
      warnings.push(...(answer.body.Warnings ?? []));
    }
  }
  if (warnings.length > 0) yield* call.out(`${warnings.join('\n')}\n`);
  return yield* call.joined(problems);
}
