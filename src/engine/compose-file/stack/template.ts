import { goQuote } from '../../go/quote.ts';
import { ComposeError } from '../failure.ts';
import { castText, type Cast } from '../interpolation/casts.ts';
import { isMapping, type Mapping } from '../tree/tree.ts';
import { pathText, PathTable, type Path } from '../tree/path-table.ts';
import { mapChildren } from '../tree/walk.ts';

/**
 * Variables as `docker stack` fills them in (docker/cli v29 `cli/compose/{template,interpolation}`):
 * defaults and required variables, without braces, too; nothing nested, no replacement, and no word
 * of a variable that is not set.
 */
const VARIABLE =
  /\$(?:(\$)|([_a-z][_a-z0-9]*(?::?[-?][^}]*)?)|\{([_a-z][_a-z0-9]*(?::?[-?][^}]*)?)\}|())/gi;

type Lookup = (name: string) => string | undefined;

class InvalidTemplate extends ComposeError {}

export function substituteStack(template: string, lookup: Lookup): string {
  return template.replace(VARIABLE, (_match, escaped?: string, named?: string, braced?: string) => {
    if (escaped !== undefined) return '$';
    const substitution = named ?? braced;
    if (substitution === undefined) throw new InvalidTemplate(template);
    return valueOf(substitution, lookup);
  });
}

function valueOf(substitution: string, lookup: Lookup): string {
  for (const sign of [':-', '-', ':?', '?']) {
    const at = substitution.indexOf(sign);
    if (at === -1) continue;
    const name = substitution.slice(0, at);
    const operand = substitution.slice(at + sign.length);
    const value = lookup(name);
    const counts = value !== undefined && (value !== '' || !sign.startsWith(':'));
    if (counts) return value;
    if (sign.endsWith('-')) return operand;
    throw new InvalidTemplate(`required variable ${name} is missing a value: ${operand}`);
  }
  return lookup(substitution) ?? '';
}

const SERVICE: Readonly<Record<'int' | 'number' | 'boolean', readonly string[]>> = {
  int: [
    'configs.[].mode',
    'secrets.[].mode',
    'healthcheck.retries',
    'deploy.replicas',
    'deploy.update_config.parallelism',
    'deploy.rollback_config.parallelism',
    'deploy.restart_policy.max_attempts',
    'deploy.placement.max_replicas_per_node',
    'ports.[].target',
    'ports.[].published',
    'ulimits.*',
    'ulimits.*.hard',
    'ulimits.*.soft',
    'oom_score_adj',
  ],
  number: ['deploy.update_config.max_failure_ratio', 'deploy.rollback_config.max_failure_ratio'],
  boolean: [
    'healthcheck.disable',
    'privileged',
    'read_only',
    'stdin_open',
    'tty',
    'volumes.[].read_only',
    'volumes.[].volume.nocopy',
  ],
};

const TOP_LEVEL = [
  'networks.*.external',
  'networks.*.internal',
  'networks.*.attachable',
  'volumes.*.external',
  'secrets.*.external',
  'configs.*.external',
];

const CASTS = new PathTable<Cast>(
  Object.fromEntries([
    ...Object.entries(SERVICE).flatMap(([cast, paths]) =>
      paths.map((path) => [`services.*.${path}`, cast as Cast]),
    ),
    ...TOP_LEVEL.map((path) => [path, 'boolean']),
  ] as [string, Cast][]),
);

export function interpolateStack(document: Mapping, lookup: Lookup): Mapping {
  const walk = (value: unknown, path: Path): unknown =>
    typeof value === 'string' ? fillText(value, path, lookup) : mapChildren(value, path, walk);
  const filled = walk(document, []);
  return isMapping(filled) ? filled : {};
}

function fillText(text: string, path: Path, lookup: Lookup): unknown {
  try {
    const filled = substituteStack(text, lookup);
    const cast = CASTS.get(path);
    // A text without variables is no number, even where one is wanted.
    return cast === undefined || filled === text ? filled : castAt(filled, cast, path);
  } catch (error) {
    if (!(error instanceof InvalidTemplate)) throw error;
    throw new ComposeError(
      `invalid interpolation format for ${pathText(path)}: ${goQuote(error.message)}; ` +
        'you may need to escape any $ with another $',
    );
  }
}

function castAt(text: string, cast: Cast, path: Path): unknown {
  try {
    return castText(text, cast);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    const problem = `failed to cast to expected type: ${error.message}`;
    throw new ComposeError(`error while interpolating ${pathText(path)}: ${problem}`);
  }
}
