import { stat } from '../../../machine/files.ts';
import { resolvePath } from '../../../machine/command.ts';
import { goQuote } from '../../../go/quote.ts';
import { parseUnsigned } from '../../../go/numbers.ts';
import { helpText } from '../help.ts';
import type { Invocation, Step } from '../invocation.ts';
import { isRefused } from '../../../go/refused.ts';
import { SWARM } from '../spec/swarm.ts';

/**
 * Commands of a swarm, on a machine that belongs to none (docker/cli v29.7
 * `cli/command/{service,node,stack,swarm,secret,config}`).
 */
const NOT_A_MANAGER =
  'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or ' +
  '"docker swarm join" to connect this node to swarm and try again.';

const NOT_A_MEMBER = 'Error response from daemon: This node is not part of a swarm';

/** What the client finds wrong before it asks. */
function* problemOf(call: Invocation): Step<string | undefined> {
  const { args, flags, path } = call;
  switch (path) {
    case 'swarm join-token':
      return ['worker', 'manager'].includes(args[0] ?? '')
        ? undefined
        : `unknown role ${args[0] ?? ''}`;
    case 'stack deploy':
    case 'stack config': {
      const file = flags.last('compose-file');
      if (file === undefined) return 'specify a Compose file (with --compose-file)';
      return file === '-' ? undefined : yield* missingFile(call, file);
    }
    case 'secret create':
    case 'config create': {
      const file = args[1];
      if (file === undefined)
        return flags.changed('driver') ? undefined : 'secret file is required';
      const missing = file === '-' ? undefined : yield* missingFile(call, file);
      if (missing === undefined) return undefined;
      const why = `error reading from ${file}: ${missing}`;
      return path === 'secret create' ? why : `error reading content from ${goQuote(file)}: ${why}`;
    }
    default:
      return undefined;
  }
}

function* missingFile({ line }: Invocation, name: string): Step<string | undefined> {
  const there = yield* stat(line.machine, resolvePath(line.cwd, name));
  return there ? undefined : `open ${name}: no such file or directory`;
}

export function* outside(call: Invocation): Step<number> {
  const { flags, path } = call;
  const wrong = yield* problemOf(call);
  if (wrong !== undefined) return yield* call.fail(wrong);
  if (path === 'swarm update' && flags.isEmpty) {
    yield* call.out(helpText('docker swarm update', SWARM.commands!.update!));
    return 0;
  }
  if (path.endsWith(' inspect') && !flags.has('pretty')) {
    yield* call.out(flags.text('format') === '' ? '[]\n' : '\n');
  }
  if (path === 'swarm leave') return yield* call.fail(NOT_A_MEMBER);
  const fetched = path === 'swarm unlock-key' ? 'could not fetch unlock key: ' : '';
  return yield* call.fail(fetched + NOT_A_MANAGER);
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

export function* scale(call: Invocation): Step<number> {
  const bad = call.args.find((text) => !/^[^=]+=[\s\S]+$/.test(text));
  if (bad !== undefined) {
    return yield* call.fail(
      `invalid scale specifier '${bad}'.\nSee 'docker service scale --help'.\n\n` +
        'Usage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]\n\n' +
        'Scale one or multiple replicated services',
    );
  }
  const problems = call.args.map((text) => {
    const at = text.indexOf('=');
    const [name, count] = [text.slice(0, at), text.slice(at + 1)];
    const replicas = parseUnsigned(count);
    return isRefused(replicas)
      ? `${name}: invalid replicas value ${count}: ${replicas.refused}`
      : `${name}: ${NOT_A_MANAGER}`;
  });
  return yield* call.joined(problems);
}
