import { humanSize } from '../../units.ts';
import type { CacheRecord } from '../../api/system.ts';
import {
  BUILD_USAGE_HEADINGS,
  BUILD_USAGE_PRETTY,
  BUILD_USAGE_TABLE,
  bySize,
  prunedTable,
  usageRow,
  usageSummary,
} from '../formatter/build-usage.ts';
import { tabulate } from '../formatter/tabwriter.ts';
import { isTable } from '../formatter/write.ts';
import { daemonError, failed, filterQuery, type Invocation, type Step } from '../invocation.ts';
import { confirmed, printRows } from './printing.ts';

/**
 * What buildx says beside building: `docker buildx ls`, `du`, `inspect`, `prune`, `version`
 * (docker/buildx v0.36 `commands/`). There is one builder, the daemon's own.
 */
const VERSION = 'v0.36.0';
const COMMIT = '9e66234aa13328a5e75b75aa5574e1ca6d6d9c01';
const BUILDKIT = 'v0.31.1';
const PLATFORMS = 'linux/amd64, linux/amd64/v2, linux/amd64/v3';

export function* version(call: Invocation): Step<number> {
  yield* call.out(`github.com/docker/buildx ${VERSION} ${COMMIT}\n`);
  return 0;
}

export function* list(call: Invocation): Step<number> {
  const rows = [
    'NAME/NODE\tDRIVER/ENDPOINT\tSTATUS\tBUILDKIT\tPLATFORMS',
    'default*\tdocker\t\t\t',
    ` \\_ default\t \\_ default\trunning\t${BUILDKIT}\tlinux/amd64 (+2)`,
  ];
  yield* call.out(tabulate(rows.map((row) => `${row}\n`).join(''), 0, 4));
  return 0;
}

export function* inspect(call: Invocation): Step<number> {
  const name = call.args[0] ?? 'default';
  if (name !== 'default') return yield* call.fail(`ERROR: no builder "${name}" found`);
  const rows = [
    'Name:\tdefault',
    'Driver:\tdocker',
    '',
    'Nodes:',
    'Name:\tdefault',
    'Endpoint:\tdefault',
    'Status:\trunning',
    `BuildKit version:\t${BUILDKIT}`,
    `Platforms:\t${PLATFORMS}`,
  ];
  yield* call.out(tabulate(rows.map((row) => `${row}\n`).join(''), 0, 1));
  return 0;
}

interface Cache {
  readonly BuildCacheUsage?: { readonly Items?: readonly CacheRecord[] | null };
}

function* recordsOf(call: Invocation): Step<readonly CacheRecord[] | string> {
  const answer = yield* call.get<Cache>('/system/df', { type: 'build-cache', verbose: '1' });
  return failed(answer) ? daemonError(answer) : (answer.body.BuildCacheUsage?.Items ?? []);
}

/** Simplified: `--filter` shows every record. */
export function* diskUsage(call: Invocation): Step<number> {
  const { flags } = call;
  const asked = flags.text('format') ?? '';
  if (asked !== '' && flags.has('verbose')) {
    return yield* call.fail('ERROR: --format and --verbose cannot be used together');
  }
  const pretty = asked === 'pretty' || flags.has('verbose');
  const format = pretty
    ? BUILD_USAGE_PRETTY
    : asked === '' || asked === 'table'
      ? BUILD_USAGE_TABLE
      : asked;
  const records = yield* recordsOf(call);
  if (typeof records === 'string') return yield* call.fail(`ERROR: ${records}`);
  const nowMs = yield* call.now();
  const rows = [...records].sort(bySize).map((one) => usageRow(one, nowMs, isTable(format)));
  const code = yield* printRows(call, format, rows, BUILD_USAGE_HEADINGS);
  if (code === 0 && (pretty || format === BUILD_USAGE_TABLE)) {
    yield* call.out(usageSummary(records));
  }
  return code;
}

export function* prune(call: Invocation): Step<number> {
  const { flags } = call;
  const all = flags.has('all');
  const what = all ? 'all build cache' : 'all dangling build cache';
  const question = `WARNING! This will remove ${what}. Are you sure you want to continue?`;
  if (!flags.has('force') && !(yield* confirmed(call, question))) return 0;
  const there = yield* recordsOf(call);
  if (typeof there === 'string') return yield* call.fail(`ERROR: ${there}`);
  const asked = { ...filterQuery(flags.all('filter')), ...(all ? { all: '1' } : {}) };
  const answer = yield* call.post<Pruned>('/build/prune', asked);
  if (failed(answer)) return yield* call.fail(`ERROR: ${daemonError(answer)}`);
  const ids = answer.body.CachesDeleted ?? [];
  const gone = there.filter(({ ID }) => ids.includes(ID));
  yield* call.out(prunedTable(gone, yield* call.now()));
  yield* call.out(`Total:\t${humanSize(answer.body.SpaceReclaimed ?? 0, 4)}\n`);
  return 0;
}

interface Pruned {
  readonly CachesDeleted?: readonly string[] | null;
  readonly SpaceReclaimed?: number;
}
