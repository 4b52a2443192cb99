import type { Volume, VolumeList } from '../../api.ts';
import { VOLUME_HEADINGS, volumeFormat, volumeRow } from '../formatter/volume.ts';
import {
  daemonError,
  failed,
  filterQuery,
  query,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { pairs } from '../options/key-values.ts';
import { naturalOrder } from './container-look.ts';
import { printRows } from './printing.ts';

/** `docker volume` (docker/cli v29.7 `cli/command/volume`). */
export function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const answer = yield* call.get<VolumeList>('/volumes', filterQuery(flags.all('filter')));
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const volumes = [...(answer.body.Volumes ?? [])];
  const rows = volumes.sort((a, b) => naturalOrder(a.Name, b.Name)).map(volumeRow);
  const format = volumeFormat(flags.text('format'), flags.has('quiet'));
  return yield* printRows(call, format, rows, VOLUME_HEADINGS);
}

export function* create(call: Invocation): Step<number> {
  const { flags, args } = call;
  if (args.length > 0 && flags.text('name') !== '') {
    const both = 'cannot specify a volume-name through both --name and as a positional arg';
    return yield* call.fail(`conflicting options: ${both}`);
  }
  const body = {
    Name: args[0] ?? flags.text('name'),
    Driver: flags.text('driver', 'local'),
    DriverOpts: pairs(flags.all('opt')),
    Labels: pairs(flags.all('label')),
  };
  const answer = yield* call.post<Volume>('/volumes/create', {}, body);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* call.out(`${answer.body.Name}\n`);
  return 0;
}

export function* remove(call: Invocation): Step<number> {
  const { flags, args } = call;
  const problems: string[] = [];
  for (const name of args) {
    const answer = yield* call.ask({
      method: 'DELETE',
      path: `/volumes/${name}`,
      query: query({ force: flags.has('force') }),
    });
    if (failed(answer)) problems.push(daemonError(answer));
    else yield* call.out(`${name}\n`);
  }
  return yield* call.joined(problems);
}

/** Only volumes of a cluster can be changed. */
export function* update(call: Invocation): Step<number> {
  const name = call.args[0] ?? '';
  const seen = yield* call.get<Volume>(`/volumes/${name}`);
  if (failed(seen)) return yield* call.fail(daemonError(seen));
  return yield* call.fail('Can only update cluster volumes');
}
