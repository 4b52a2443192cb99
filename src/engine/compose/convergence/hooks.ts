import type { Hook, Service } from '../../compose-file/service.ts';
import type { ExecInspect } from '../../docker/api.ts';
import { Failure, bodyOf } from '../failure.ts';
import { answerTo, listen, type Strand } from '../together.ts';
import { variablesOf } from './body.ts';
import { tailOf } from './said.ts';

/**
 * `post_start` and `pre_stop`: commands in a service's container (docker/compose v5.5
 * `pkg/compose/hook.go`).
 *
 * Simplified: what a hook says is shown when it fails only, not in the log of all.
 */
export function* runHooks(
  { name }: Pick<Service, 'name'>,
  hooks: readonly Hook[] = [],
  id: string,
): Strand {
  for (const hook of hooks) yield* runHook(name, hook, id);
}

function* runHook(service: string, hook: Hook, id: string): Strand {
  const body = {
    User: hook.user ?? '',
    Privileged: hook.privileged ?? false,
    Env: variablesOf(hook),
    WorkingDir: hook.working_dir ?? '',
    Cmd: hook.command ?? [],
    AttachStdout: true,
    AttachStderr: true,
  };
  const path = `/containers/${id}/exec`;
  const { Id } = bodyOf(yield* answerTo<{ Id: string }>({ method: 'POST', path, body }));
  const key = yield* listen({ method: 'POST', path: `/exec/${Id}/start`, body: {} });
  const lines = yield* tailOf(key);
  const ended = bodyOf(yield* answerTo<ExecInspect>({ method: 'GET', path: `/exec/${Id}/json` }));
  if ((ended.ExitCode ?? 0) === 0) return;
  const tail = lines === '' ? '' : `: ${lines}`;
  throw new Failure(`${service} hook exited with status ${ended.ExitCode}${tail}`);
}
