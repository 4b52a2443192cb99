import { humanSize } from '../../units.ts';
import { byLastUse, type CacheRecord } from '../formatter/build-cache.ts';
import { tabulate } from '../formatter/tabwriter.ts';
import { daemonError, failed, filterQuery, type Invocation, type Step } from '../invocation.ts';
import { confirmed } from './printing.ts';

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
  readonly BuildCacheUsage?: {
    readonly Items?: readonly CacheRecord[] | null;
    readonly TotalSize: number;
    readonly Reclaimable: number;
  };
}

const COLUMNS = 'ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n';

export function* diskUsage(call: Invocation): Step<number> {
  const answer = yield* call.get<Cache>('/system/df', { type: 'build-cache', verbose: '1' });
  if (failed(answer)) return yield* call.fail(`ERROR: ${daemonError(answer)}`);
  const usage = answer.body.BuildCacheUsage;
  const items = [...(usage?.Items ?? [])].sort(byLastUse);
  const rows = items.map(
    (one) =>
      `${one.ID}\t${String(!one.InUse)}\t${humanSize(one.Size, 4)}\t${one.LastUsedAt ?? ''}\n`,
  );
  if (rows.length > 0) yield* call.out(tabulate(COLUMNS + rows.join(''), 1, 1));
  const [free, all] = [humanSize(usage?.Reclaimable ?? 0, 4), humanSize(usage?.TotalSize ?? 0, 4)];
  yield* call.out(`Reclaimable:\t${free}\nTotal:\t\t${all}\n`);
  return 0;
}

export function* prune(call: Invocation): Step<number> {
  const { flags } = call;
  const all = flags.has('all');
  const what = all ? 'all build cache' : 'all dangling build cache';
  const question = `WARNING! This will remove ${what}. Are you sure you want to continue?`;
  if (!flags.has('force') && !(yield* confirmed(call, question))) return 0;
  const asked = { ...filterQuery(flags.all('filter')), ...(all ? { all: '1' } : {}) };
  const answer = yield* call.post<Pruned>('/build/prune', asked);
  const none = answer.status === 404;
  if (failed(answer) && !none) return yield* call.fail(`ERROR: ${daemonError(answer)}`);
  const ids = none ? [] : (answer.body.CachesDeleted ?? []);
  if (ids.length > 0)
    yield* call.out(tabulate(COLUMNS + ids.map((id) => `${id}\ttrue\t\t\n`).join(''), 1, 1));
  yield* call.out(`Total:\t${humanSize(none ? 0 : (answer.body.SpaceReclaimed ?? 0), 4)}\n`);
  return 0;
}

interface Pruned {
  readonly CachesDeleted?: readonly string[] | null;
  readonly SpaceReclaimed?: number;
}
