import { parseFloatNumber, parseInteger } from '../../go/numbers.ts';
import { isRefused } from '../../go/refused.ts';
import { fail } from '../failure.ts';

/**
 * What a text becomes after variables were put in, by place (compose-go v2.13
 * `loader/interpolate.go`).
 */
export type Cast = 'int' | 'int64' | 'number' | 'boolean';

const SERVICE: Readonly<Record<Cast, readonly string[]>> = {
  int64: [
    'cpu_count',
    'cpu_period',
    'cpu_quota',
    'cpu_rt_period',
    'cpu_rt_runtime',
    'cpu_shares',
    'oom_score_adj',
    'pids_limit',
  ],
  int: [
    'deploy.replicas',
    'deploy.update_config.parallelism',
    'deploy.rollback_config.parallelism',
    'deploy.restart_policy.max_attempts',
    'deploy.placement.max_replicas_per_node',
    'healthcheck.retries',
    'ports.[].target',
    'scale',
    'ulimits.*',
    'ulimits.*.hard',
    'ulimits.*.soft',
  ],
  number: [
    'cpu_percent',
    'cpus',
    'deploy.update_config.max_failure_ratio',
    'deploy.rollback_config.max_failure_ratio',
  ],
  boolean: [
    'init',
    'depends_on.*.required',
    'depends_on.*.restart',
    'healthcheck.disable',
    'oom_kill_disable',
    'privileged',
    'read_only',
    'stdin_open',
    'tty',
    'volumes.[].read_only',
    'volumes.[].volume.nocopy',
  ],
};

const TOP_LEVEL_BOOLEANS = [
  'networks.*.external',
  'networks.*.internal',
  'networks.*.attachable',
  'networks.*.enable_ipv4',
  'networks.*.enable_ipv6',
  'volumes.*.external',
  'secrets.*.external',
  'configs.*.external',
];

export const COMPOSE_CASTS: Readonly<Record<string, Cast>> = {
  ...Object.fromEntries(
    Object.entries(SERVICE).flatMap(([cast, paths]) =>
      paths.map((path) => [`services.*.${path}`, cast as Cast]),
    ),
  ),
  ...Object.fromEntries(TOP_LEVEL_BOOLEANS.map((path) => [path, 'boolean' as const])),
};

const OLD_BOOLEANS: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  on: true,
  n: false,
  no: false,
  off: false,
};

/** @param onOldBoolean told of `yes` and its like, with the text it should be */
export function castText(
  text: string,
  cast: Cast,
  onOldBoolean?: (text: string, should: string) => void,
): unknown {
  if (cast === 'boolean') {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    const old = OLD_BOOLEANS[word];
    if (old === undefined) return fail(`invalid boolean: ${text}`);
    onOldBoolean?.(text, String(old));
    return old;
  }
  const what = cast === 'int' ? 'Atoi' : 'ParseInt';
  const value = cast === 'number' ? parseFloatNumber(text) : parseInteger(text, { what });
  return isRefused(value) ? fail(value.refused) : value;
}
