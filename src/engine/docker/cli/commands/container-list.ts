import type { ContainerSummary } from '../../api.ts';
import { CONTAINER_HEADINGS, containerFormat, containerRow } from '../formatter/container.ts';
import { uses } from '../formatter/write.ts';
import {
  daemonError,
  failed,
  filterQuery,
  query,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { parseInteger } from '../../../go/numbers.ts';
import { isRefused } from '../../../go/refused.ts';
import { execute, template } from '../../../go/template/execute.ts';
import { printRows } from './printing.ts';

const UNKNOWN: ContainerSummary = {
  ...{ Id: '', Names: [], Image: '', ImageID: '', Command: '', Created: 0, Ports: [] },
  ...{ Labels: {}, State: 'created', Status: '', HostConfig: {}, Mounts: [] },
  NetworkSettings: { Networks: {} },
};

/** `docker ps` (docker/cli v29.7 `cli/command/container/list.go`). */
export function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const source = flags.text('format');
  const quiet = flags.has('quiet');
  if (source !== '' && quiet) {
    const why = 'because both --format and --quiet are set';
    yield* call.err(`WARNING: Ignoring custom format, ${why}.\n`);
  }
  const parsed = template(source);
  if (isRefused(parsed)) return yield* call.fail(`failed to parse template: ${parsed.refused}`);
  // It is tried on a container of which nothing is known before the daemon is asked.
  const tried = execute(parsed, containerRow(UNKNOWN, { truncate: true, nowMs: 0 }));
  if (isRefused(tried)) return yield* call.fail(`failed to execute template: ${tried.refused}`);
  const last = parseInteger(flags.text('last', '-1'), { base: 0 });
  const count = isRefused(last) ? -1 : last;
  const latest = flags.has('latest') && count === -1;
  const limit = latest ? 1 : count;
  const size = flags.has('size') || (!quiet && uses(source, 'Size'));
  const answer = yield* call.get<ContainerSummary[]>('/containers/json', {
    ...query({ all: flags.has('all'), size, limit: limit > 0 ? String(limit) : undefined }),
    ...filterQuery(flags.all('filter')),
  });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const options = { truncate: !flags.has('no-trunc'), nowMs: yield* call.now() };
  const rows = answer.body.map((row) => containerRow(row, options));
  const format = containerFormat(source, quiet, flags.has('size'));
  return yield* printRows(call, format, rows, CONTAINER_HEADINGS);
}
