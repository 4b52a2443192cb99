import { parseUnsigned } from '../go/numbers.ts';
import type { Invocation, Step } from '../invocation.ts';
import { isRefused } from '../refused.ts';

/**
 * Commands of a swarm, on a machine that belongs to none (docker/cli v29.7
 * `cli/command/{service,node,stack,swarm,secret,config}`).
 */
const NOT_A_MANAGER =
  'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or ' +
  '"docker swarm join" to connect this node to swarm and try again.';

const NOT_A_MEMBER = 'Error response from daemon: This node is not part of a swarm';

export function* outside(call: Invocation): Step<number> {
  return yield* call.fail(call.path === 'swarm leave' ? NOT_A_MEMBER : NOT_A_MANAGER);
}

const MODES = ['replicated', 'global', 'replicated-job', 'global-job', ''];

export function* createService(call: Invocation): Step<number> {
  const { flags } = call;
  const mode = flags.text('mode', 'replicated');
  if (!MODES.includes(mode)) {
    return yield* call.fail(`Unknown mode: ${mode}, only replicated and global supported`);
  }
  if (mode === 'global' && flags.changed('replicas')) {
    return yield* call.fail('replicas can only be used with replicated or replicated-job mode');
  }
  return yield* outside(call);
}

/** The arguments of `docker service scale`, before anything is asked. */
export function scaleProblem(args: readonly string[]): string | undefined {
  const bad = args.find((text) => !/^[^=]+=[^=]+$/.test(text));
  return bad === undefined
    ? undefined
    : `invalid scale specifier '${bad}'.\nSee 'docker service scale --help'.`;
}

export function* scale(call: Invocation): Step<number> {
  const wrong = scaleProblem(call.args);
  if (wrong !== undefined) {
    const usage = 'docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]';
    return yield* call.fail(
      `${wrong}\n\nUsage:  ${usage}\n\nScale one or multiple replicated services`,
    );
  }
  const problems: string[] = [];
  for (const text of call.args) {
    const at = text.indexOf('=');
    const [name, count] = [text.slice(0, at), text.slice(at + 1)];
    const replicas = parseUnsigned(count, 64);
    if (isRefused(replicas)) {
      problems.push(`${name}: invalid replicas value ${count}: ${replicas.refused}`);
    } else problems.push(`${name}: ${NOT_A_MANAGER}`);
  }
  return yield* call.joined(problems);
}
