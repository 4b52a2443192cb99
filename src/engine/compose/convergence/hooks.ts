import type { Hook, Service } from '../../compose-file/service.ts';
import type { ExecInspect, LogChunk } from '../../docker/api.ts';
import { Failure, bodyOf } from '../failure.ts';
import { answerTo, listen, next, type Strand } from '../together.ts';

/**
 * `post_start` and `pre_stop`: commands in a service's container (docker/compose v5.5
 * `pkg/compose/hook.go`).
 *
 * Simplified: what a hook says is shown when it fails only, not in the log of all.
 */
const TAIL_LINES = 10;

export function* runHooks(
  { name }: Pick<Service, 'name'>,
  hooks: readonly Hook[] = [],
  id: string,
): Strand {
  for (const hook of hooks) yield* runHook(name, hook, id);
}

function* runHook(service: string, hook: Hook, id: string): Strand {
  const environment = Object.entries(hook.environment ?? {});
  const body = {
    User: hook.user ?? '',
    Privileged: hook.privileged ?? false,
    Env: environment.map(([name, value]) => (value === null ? name : `${name}=${value}`)),
    WorkingDir: hook.working_dir ?? '',
    Cmd: hook.command ?? [],
    AttachStdout: true,
    AttachStderr: true,
  };
  const path = `/containers/${id}/exec`;
  const { Id } = bodyOf(yield* answerTo<{ Id: string }>({ method: 'POST', path, body }));
  const key = yield* listen({ method: 'POST', path: `/exec/${Id}/start`, body: {} });
  const said = { stdout: '', stderr: '' };
  for (;;) {
    const { chunks, answer } = yield* next<LogChunk>(key);
    for (const { stream, text } of chunks) said[stream] += text;
    if (!answer) continue;
    bodyOf(answer);
    break;
  }
  const ended = bodyOf(yield* answerTo<ExecInspect>({ method: 'GET', path: `/exec/${Id}/json` }));
  if ((ended.ExitCode ?? 0) === 0) return;
  const lines = (said.stderr || said.stdout).trim().split('\n').slice(-TAIL_LINES).join('\n');
  const tail = lines === '' ? '' : `: ${lines}`;
  throw new Failure(`${service} hook exited with status ${ended.ExitCode}${tail}`);
}
