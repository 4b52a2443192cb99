import type { EngineResponse } from '../../api.ts';
import { humanSize } from '../../units.ts';
import { daemonError, failed, filterQuery, type Invocation, type Step } from '../invocation.ts';
import { confirmed } from './printing.ts';
import { naturalOrder } from './container-look.ts';

/** All that removes what is not used (docker/cli v29.7, `prune.go` of each group). */
const SURE = 'Are you sure you want to continue?';

/** What was removed, as it is printed, and how many bytes that gave back. */
interface Pruned {
  readonly text: string;
  readonly bytes: number;
}

type Report = Readonly<Record<string, unknown>>;

const titled = (title: string, ids: unknown): string => {
  const list = (ids ?? []) as readonly string[];
  return list.length === 0 ? '' : `${title}:\n${list.map((id) => `${id}\n`).join('')}`;
};

function imageLines(deleted: unknown): string {
  const list = (deleted ?? []) as readonly { Untagged?: string; Deleted?: string }[];
  if (list.length === 0) return '';
  const lines = list.map(({ Untagged = '', Deleted = '' }) =>
    Untagged === '' ? `deleted: ${Deleted}\n` : `untagged: ${Untagged}\n`,
  );
  return `Deleted Images:\n${lines.join('')}`;
}

interface Kind {
  readonly path: string;
  readonly warning: (all: boolean) => string;
  readonly text: (report: Report) => string;
  /** More filters than those given. */
  readonly filters?: (all: boolean) => readonly string[];
}

const WHAT = 'WARNING! This will remove';

const KINDS: Readonly<Record<string, Kind>> = {
  container: {
    path: '/containers/prune',
    warning: () => `${WHAT} all stopped containers.\n${SURE}`,
    text: (report) => titled('Deleted Containers', report.ContainersDeleted),
  },
  network: {
    path: '/networks/prune',
    warning: () => `${WHAT} all custom networks not used by at least one container.\n${SURE}`,
    text: (report) => titled('Deleted Networks', report.NetworksDeleted),
  },
  volume: {
    path: '/volumes/prune',
    warning: (all) =>
      `${WHAT} ${all ? 'all' : 'anonymous'} local volumes not used by at least one container.\n${SURE}`,
    text: (report) => titled('Deleted Volumes', report.VolumesDeleted),
    filters: (all) => (all ? ['all=true'] : []),
  },
  image: {
    path: '/images/prune',
    warning: (all) =>
      all
        ? `${WHAT} all images without at least one container associated to them.\n${SURE}`
        : `${WHAT} all dangling images.\n${SURE}`,
    text: (report) => imageLines(report.ImagesDeleted),
    filters: (all) => [`dangling=${String(!all)}`],
  },
  builder: {
    path: '/build/prune',
    warning: (all) =>
      `${WHAT} all ${all ? '' : 'dangling '}build cache. Are you sure you want to continue?`,
    text: (report) => titled('Deleted build cache objects', report.CachesDeleted),
  },
};

function* pruned(
  call: Invocation,
  kind: string,
  all: boolean,
  filters: readonly string[],
): Step<Pruned | EngineResponse> {
  const { path, text, filters: more } = KINDS[kind]!;
  const asked = filterQuery([...filters, ...(more?.(all) ?? [])]);
  const extra: Record<string, string> = kind === 'builder' && all ? { all: '1' } : {};
  const answer = yield* call.post<Report>(path, { ...asked, ...extra });
  if (failed(answer)) return answer;
  return { text: text(answer.body), bytes: Number(answer.body.SpaceReclaimed ?? 0) };
}

export const prune = (kind: string) =>
  function* (call: Invocation): Step<number> {
    const { flags } = call;
    const all = flags.has('all');
    const filters = flags.all('filter');
    if (kind === 'volume' && all && filters.some((text) => text.startsWith('all='))) {
      return yield* call.fail('conflicting options: cannot specify both --all and --filter all=1');
    }
    if (!flags.has('force') && !(yield* confirmed(call, KINDS[kind]!.warning(all)))) return 0;
    const result = yield* pruned(call, kind, all, filters);
    if ('status' in result) return yield* call.fail(daemonError(result));
    if (result.text !== '') yield* call.out(`${result.text}\n`);
    if (kind !== 'network') {
      yield* call.out(`Total reclaimed space: ${humanSize(result.bytes, 4)}\n`);
    }
    return 0;
  };

/** `docker system prune`: containers, networks, perhaps volumes, images, build cache. */
export function* pruneSystem(call: Invocation): Step<number> {
  const { flags } = call;
  const all = flags.has('all');
  const volumes = flags.has('volumes');
  const filters = flags.all('filter');
  if (volumes && filters.some((text) => text.startsWith('until='))) {
    return yield* call.fail('ERROR: The "until" filter is not supported with "--volumes"');
  }
  if (!flags.has('force') && !(yield* confirmed(call, systemWarning(all, volumes, filters)))) {
    return 0;
  }
  let bytes = 0;
  for (const kind of ['container', 'network', ...(volumes ? ['volume'] : []), 'image', 'builder']) {
    const result = yield* pruned(call, kind, kind === 'volume' ? false : all, filters);
    if ('status' in result) return yield* call.fail(daemonError(result));
    bytes += result.bytes;
    if (result.text !== '') yield* call.out(`${result.text}\n`);
  }
  yield* call.out(`Total reclaimed space: ${humanSize(bytes, 4)}\n`);
  return 0;
}

function systemWarning(all: boolean, volumes: boolean, filters: readonly string[]): string {
  const items = [
    'all stopped containers',
    'all networks not used by at least one container',
    ...(volumes ? ['all anonymous volumes not used by at least one container'] : []),
    all ? 'all images without at least one container associated to them' : 'all dangling images',
    all ? 'all build cache' : 'unused build cache',
  ];
  const lines = (texts: readonly string[]): string => texts.map((text) => `\n  - ${text}`).join('');
  const narrowed = [...filters].sort(naturalOrder);
  const note =
    narrowed.length === 0
      ? ''
      : `\n  Items to be pruned will be filtered with:${lines(narrowed)}\n`;
  return `${WHAT}:${lines(items)}\n${note}\n${SURE}`;
}
