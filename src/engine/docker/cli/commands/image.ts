import { parseReference } from '../../../oci/reference.ts';
import { humanSize } from '../../units.ts';
import { imageTree, type ImageNode } from '../formatter/image-tree.ts';
import {
  HISTORY_HEADINGS,
  historyFormat,
  historyRow,
  type HistoryItem,
} from '../formatter/history.ts';
import {
  IMAGE_HEADINGS,
  imageFormat,
  imageRows,
  isDangling,
  type ImageRow,
} from '../formatter/image.ts';
import {
  daemonError,
  failed,
  filterQuery,
  query,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { printRows } from './printing.ts';

/** Images that are here (docker/cli v29.7 `cli/command/image`). */
export function* images(call: Invocation): Step<number> {
  const { flags, args } = call;
  const wrong = flags.has('tree') ? treeProblem(call) : undefined;
  if (wrong !== undefined) return yield* call.fail(`--${wrong} is not yet supported with --tree`);
  const filters = [...flags.all('filter'), ...args.map((name) => `reference=${name}`)];
  const answer = yield* call.get<ImageRow[]>('/images/json', {
    ...query({ all: flags.has('all') }),
    ...filterQuery(filters),
  });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const asked = filters.filter((text) => text.startsWith('dangling='));
  const shown =
    flags.has('all') || (asked.length > 0 && !asked.includes('dangling=false'))
      ? answer.body
      : answer.body.filter((image) => !isDangling(image));
  if (flags.has('tree')) {
    const lines = imageTree(shown.map(treeNode));
    yield* call.out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  const digests = flags.has('digests');
  const format = imageFormat(flags.text('format'), flags.has('quiet'), digests);
  const options = {
    truncate: !flags.has('no-trunc'),
    nowMs: yield* call.now(),
    digests,
    format,
  };
  return yield* printRows(call, format, imageRows(shown, options), IMAGE_HEADINGS);
}

/** A flag that the tree does not know. */
function treeProblem({ flags }: Invocation): string | undefined {
  if (flags.has('quiet')) return 'quiet';
  if (flags.has('no-trunc')) return 'no-trunc';
  if (flags.has('digests')) return 'show-digest';
  return flags.text('format') === '' ? undefined : 'format';
}

/**
 * Simplified: the platforms of an image are not told apart, so that each is a line of its own with
 * nothing below, and what is on disk counts as its content.
 */
const treeNode = (image: ImageRow): ImageNode => ({
  id: image.Id,
  diskUsage: humanSize(image.Size),
  contentSize: humanSize(image.Size),
  inUse: (image.Containers ?? 0) > 0,
  names: [...(image.RepoTags ?? [])].sort((a, b) => (a < b ? -1 : 1)),
  children: [],
});

export function* history(call: Invocation): Step<number> {
  const { flags, args } = call;
  const path = `/images/${args[0] ?? ''}/history`;
  const answer = yield* call.get<HistoryItem[]>(path, query({ platform: flags.last('platform') }));
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const human = flags.last('human') === undefined || flags.has('human');
  const options = { truncate: !flags.has('no-trunc'), nowMs: yield* call.now(), human };
  const format = historyFormat(flags.text('format'), flags.has('quiet'), human);
  const rows = answer.body.map((item) => historyRow(item, options));
  return yield* printRows(call, format, rows, HISTORY_HEADINGS);
}

interface Removal {
  readonly Untagged?: string;
  readonly Deleted?: string;
}

export function* removeImages(call: Invocation): Step<number> {
  const { flags, args } = call;
  const force = flags.has('force');
  const asked = query({ force, noprune: flags.has('no-prune') });
  const problems: string[] = [];
  let fatal = false;
  for (const name of args) {
    const path = `/images/${name}`;
    const answer = yield* call.ask<Removal[]>({ method: 'DELETE', path, query: asked });
    if (failed(answer)) {
      problems.push(daemonError(answer));
      fatal ||= answer.status !== 404;
      continue;
    }
    for (const { Deleted = '', Untagged = '' } of answer.body) {
      yield* call.out(Deleted === '' ? `Untagged: ${Untagged}\n` : `Deleted: ${Deleted}\n`);
    }
  }
  const exitCode = yield* call.joined(problems);
  return force && !fatal ? 0 : exitCode;
}

export function* tag(call: Invocation): Step<number> {
  const [source = '', target = ''] = call.args;
  const parsed = parseReference(target);
  if (!parsed.ok) {
    const what = `"${target}" is not a valid repository/tag: ${parsed.message}`;
    return yield* call.fail(`Error parsing reference: ${what}`);
  }
  const answer = yield* call.post(`/images/${source}/tag`, { target });
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}
