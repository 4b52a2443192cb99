import type { ContainerInspect, ExecInspect } from '../../api.ts';
import { daemonError, failed, query, type Invocation, type Step } from '../invocation.ts';
import { keyValueFiles, withEnvironment } from '../options/key-values.ts';
import { isRefused } from '../../../go/refused.ts';
import { attended } from './attended.ts';
import { detachKeysProblem, surroundings } from './container-run.ts';

/**
 * `docker start`, `attach` and `exec` (docker/cli v29.7 `cli/command/container/start.go`,
 * `attach.go`, `exec.go`).
 */
export function* start(call: Invocation): Step<number> {
  const { flags, args } = call;
  const keys = detachKeysProblem(flags.text('detach-keys'));
  if (keys !== undefined) return yield* call.fail(keys);
  if (flags.has('attach') || flags.has('interactive')) {
    if (args.length > 1) {
      return yield* call.fail('you cannot start and attach multiple containers at once');
    }
    return yield* startAttached(call, args[0] ?? '');
  }
  const wrong: string[] = [];
  for (const name of args) {
    const started = yield* call.post(`/containers/${name}/start`);
    if (failed(started)) {
      yield* call.err(`${daemonError(started)}\n`);
      wrong.push(name);
    } else yield* call.out(`${name}\n`);
  }
  if (wrong.length === 0) return 0;
  return yield* call.fail(`failed to start containers: ${wrong.join(', ')}`);
}

function* startAttached(call: Invocation, name: string): Step<number> {
  const { flags, self } = call;
  const seen = yield* call.get<ContainerInspect>(`/containers/${name}/json`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  const { Id, Config, HostConfig } = seen.body;
  const stdin = flags.has('interactive') && Config.OpenStdin;
  const stream = yield* call.begin({
    method: 'POST',
    path: `/containers/${Id}/attach`,
    query: query({ stream: true, stdin, stdout: true, stderr: true }),
    ...(stdin ? { input: self.stdin } : {}),
  });
  const waiting = yield* call.begin({
    method: 'POST',
    path: `/containers/${Id}/wait`,
    query: { condition: HostConfig.AutoRemove ? 'removed' : 'next-exit' },
  });
  const started = yield* call.post(`/containers/${Id}/start`);
  if (failed(started)) return yield* call.fail(daemonError(started));
  const tty = Config.Tty;
  const ended = yield* attended(call, stream, { id: Id, tty, sigProxy: !tty });
  if (ended !== undefined) return ended;
  const { body } = yield* call.answer<{ StatusCode?: number }>(waiting);
  return body.StatusCode ?? 1;
}

/** Why a container can not be attached to. */
function notRunning({ State }: ContainerInspect): string | undefined {
  if (!State.Running) return 'cannot attach to a stopped container, start it first';
  if (State.Paused) return 'cannot attach to a paused container, unpause it first';
  return State.Restarting
    ? 'cannot attach to a restarting container, wait until it is running'
    : undefined;
}

export function* attach(call: Invocation): Step<number> {
  const { flags, args, self } = call;
  const keys = detachKeysProblem(flags.text('detach-keys'));
  if (keys !== undefined) return yield* call.fail(keys);
  const seen = yield* call.get<ContainerInspect>(`/containers/${args[0] ?? ''}/json`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  const why = notRunning(seen.body);
  if (why !== undefined) return yield* call.fail(why);
  const { Id, Config } = seen.body;
  const waiting = yield* call.begin({
    method: 'POST',
    path: `/containers/${Id}/wait`,
    query: { condition: 'not-running' },
  });
  const stdin = !flags.has('no-stdin') && Config.OpenStdin;
  const stream = yield* call.begin({
    method: 'POST',
    path: `/containers/${Id}/attach`,
    query: query({ stream: true, stdin, stdout: true, stderr: true }),
    ...(stdin ? { input: self.stdin } : {}),
  });
  const proxy = flags.last('sig-proxy') === undefined || flags.has('sig-proxy');
  const tty = Config.Tty;
  const ended = yield* attended(call, stream, { id: Id, tty, sigProxy: proxy && !tty });
  if (ended !== undefined) return ended;
  const { body } = yield* call.answer<{ StatusCode?: number }>(waiting);
  return body.StatusCode ?? 1;
}

export function* exec(call: Invocation): Step<number> {
  const { flags, args, line, self } = call;
  const [container = '', ...command] = args;
  const around = yield* surroundings(call, flags.all('env-file'));
  const fromFiles = keyValueFiles(flags.all('env-file'), around.files, line.env);
  if (isRefused(fromFiles)) return yield* call.fail(fromFiles.refused);
  const keys = detachKeysProblem(flags.text('detach-keys'));
  if (keys !== undefined) return yield* call.fail(keys);
  const seen = yield* call.get<ContainerInspect>(`/containers/${container}/json`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  const detach = flags.has('detach');
  const stdin = !detach && flags.has('interactive');
  const body = {
    User: flags.text('user'),
    Privileged: flags.has('privileged'),
    Tty: flags.has('tty'),
    AttachStdin: stdin,
    AttachStdout: !detach,
    AttachStderr: !detach,
    Env: [...fromFiles, ...withEnvironment(flags.all('env'), line.env)],
    WorkingDir: flags.text('workdir'),
    Cmd: command,
  };
  const made = yield* call.post<{ Id: string }>(`/containers/${container}/exec`, {}, body);
  if (failed(made)) return yield* call.fail(daemonError(made));
  const { Id } = made.body;
  const request = {
    method: 'POST',
    path: `/exec/${Id}/start`,
    body: { Detach: detach, Tty: body.Tty },
  } as const;
  if (detach) {
    const started = yield* call.ask(request);
    return failed(started) ? yield* call.fail(daemonError(started)) : 0;
  }
  const stream = yield* call.begin({ ...request, ...(stdin ? { input: self.stdin } : {}) });
  // Simplified: Ctrl+C ends the client at once; the real one leaves the process running as well.
  const ended = yield* attended(call, stream, { id: Id, tty: body.Tty, sigProxy: false });
  if (ended !== undefined) return ended;
  const answer = yield* call.answer(stream);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const { body: result } = yield* call.get<ExecInspect>(`/exec/${Id}/json`);
  return result.ExitCode ?? 0;
}
