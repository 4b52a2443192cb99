import { finishBuild, prepareBuild } from '../../build/client/build.ts';
import type { SolveResult } from '../../build/solve-result.ts';
import { failed, messageOf, type Invocation, type Step } from './invocation.ts';

/**
 * docker build: reads Dockerfile and context on its own machine and hands them to the builder, as
 * buildx does (docker/buildx v0.36 `commands/build.go`, `build/opt.go`).
 *
 * Simplified: progress is always plain, whatever `--progress` says.
 */
export function* build(call: Invocation): Step<number> {
  const { line, flags } = call;
  const prepared = yield* prepareBuild(line, flags, call.args[0] ?? '.', () => call.readInput());
  if (!prepared.ok) return yield* call.fail(`ERROR: ${prepared.message}`);
  const { request: body, quiet, push } = prepared.value;
  const request = { method: 'POST', path: '/build', body } as const;
  const answer = quiet
    ? yield* call.ask<unknown>(request)
    : yield* call.streamed<unknown>(request, 'stderr');
  // Nobody was there to build.
  if (failed(answer)) return yield* call.fail(`ERROR: ${messageOf(answer)}`);
  const result = answer as unknown as SolveResult;
  const { out, err, exitCode } = yield* finishBuild(line, prepared.value, result);
  yield* call.err(err);
  if (result.ok && push) {
    for (const tag of body.tags) {
      const pushed = yield* call.post<unknown>(`/images/${tag}/push`);
      if (pushed.status >= 400) {
        const why = `failed to push ${tag}: ${messageOf(pushed)}`;
        return yield* call.fail(`ERROR: failed to build: failed to solve: ${why}`);
      }
    }
  }
  yield* call.out(out);
  return exitCode;
}
