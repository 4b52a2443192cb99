import { EPOCH_UNIX_MS } from '../../sim/clock.ts';
import { now } from '../../sim/process.ts';
import { shortDigest } from '../../oci/digest.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { ImageSummary } from '../api.ts';
import { humanDuration, humanSize, table } from '../units.ts';
import { daemonError, joined, messageOf, type Invocation, type Step } from './invocation.ts';

/** Image commands of docker/cli v29.7 (`cli/command/image/`). */
export function* push({ args, flags, out, err, ask, streamed }: Invocation): Step<number> {
  const name = args[0] ?? '';
  const parsed = parseReference(name);
  if (!parsed.ok) {
    yield* err(`${parsed.message}\n`);
    return 1;
  }
  const quiet = flags.has('quiet');
  const { tag: given, digest } = parsed.reference;
  if (given === undefined && digest === undefined && !quiet) {
    yield* out('Using default tag: latest\n');
  }
  const request = { method: 'POST', path: `/images/${name}/push` } as const;
  const answer = quiet ? yield* ask<unknown>(request) : yield* streamed(request, 'stdout');
  if (answer.status === 200) {
    if (quiet) yield* out(`${formatReference(withDefaultTag(parsed.reference))}\n`);
    return 0;
  }
  // The answer had begun before it went wrong, so the words stand alone.
  yield* err(`${messageOf(answer)}\n`);
  return 1;
}

export function* pull({ args, flags, out, err, ask, streamed }: Invocation): Step<number> {
  const name = args[0] ?? '';
  const parsed = parseReference(name);
  if (!parsed.ok) {
    yield* err(`${parsed.message}\n`);
    return 1;
  }
  const { tag: given, digest } = parsed.reference;
  const quiet = flags.has('quiet');
  if (given === undefined && digest === undefined && !quiet) {
    yield* out('Using default tag: latest\n');
  }
  const request = { method: 'POST', path: '/images/create', query: { fromImage: name } } as const;
  const answer = quiet ? yield* ask<unknown>(request) : yield* streamed(request, 'stdout');
  if (answer.status !== 200) {
    yield* err(daemonError(answer));
    return 1;
  }
  yield* out(`${formatReference(withDefaultTag(parsed.reference))}\n`);
  return 0;
}

export function* tag({ args, err, ask }: Invocation): Step<number> {
  const [source = '', target = ''] = args;
  const parsed = parseReference(target);
  if (!parsed.ok) {
    const words = parsed.message;
    yield* err(`Error parsing reference: "${target}" is not a valid repository/tag: ${words}\n`);
    return 1;
  }
  const answer = yield* ask({ method: 'POST', path: `/images/${source}/tag`, query: { target } });
  if (answer.status === 201) return 0;
  yield* err(daemonError(answer));
  return 1;
}

export function* images({ args, flags, out, ask }: Invocation): Step<number> {
  const answer = yield* ask<ImageSummary[]>({ method: 'GET', path: '/images/json' });
  const nowSeconds = Math.floor(((yield* now()) + EPOCH_UNIX_MS) / 1000);
  const rows: string[][] = [];
  for (const image of answer.body) {
    const id = flags.has('no-trunc') ? image.Id : shortDigest(image.Id);
    const created = `${humanDuration((nowSeconds - image.Created) * 1000)} ago`;
    const names = image.RepoTags.length > 0 ? image.RepoTags : ['<none>:<none>'];
    for (const name of names) {
      const at = name.lastIndexOf(':');
      const [repository, tagged] = [name.slice(0, at), name.slice(at + 1)];
      const wanted = args[0];
      if (wanted !== undefined && wanted !== repository && wanted !== name) continue;
      rows.push([repository, tagged, id, created, humanSize(image.Size)]);
    }
  }
  if (flags.has('quiet')) {
    yield* out([...new Set(rows.map(([, , id]) => `${id ?? ''}\n`))].join(''));
    return 0;
  }
  yield* out(table([['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], ...rows]));
  return 0;
}

export function* removeImages({ args, flags, out, err, ask }: Invocation): Step<number> {
  const force = flags.has('force');
  const query: Record<string, string> = force ? { force: '1' } : {};
  const problems: string[] = [];
  let fatal = false;
  for (const name of args) {
    const request = { method: 'DELETE', path: `/images/${name}`, query } as const;
    const answer = yield* ask<Record<string, string>[]>(request);
    if (answer.status === 200) {
      for (const row of answer.body) {
        for (const [key, value] of Object.entries(row)) yield* out(`${key}: ${value}\n`);
      }
    } else {
      problems.push(daemonError(answer));
      fatal ||= answer.status !== 404;
    }
  }
  const exitCode = yield* joined(err, problems);
  return force && !fatal ? 0 : exitCode;
}
