import type { Invocation, Step } from '../invocation.ts';

/** Commands whose work is done elsewhere, or is not modelled yet. */
export function* notModelled(call: Invocation): Step<number> {
  const name = call.path.split(' ')[0] ?? '';
  const what = name === 'compose' ? 'docker compose' : `docker ${call.path}`;
  return yield* call.fail(`${what} is not modelled yet`);
}
