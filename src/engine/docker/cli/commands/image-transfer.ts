import { asStreamed, fromLatin1, latin1 } from '../../../oci/streamed.ts';
import { resolvePath } from '../../../machine/command.ts';
import { FAULT_TEXT, readBytes, stat, writeFile } from '../../../machine/files.ts';
import {
  familiarString,
  formatReference,
  isNameOnly,
  parseReference,
  withDefaultTag,
} from '../../../oci/reference.ts';
import type { EngineRequest } from '../../api.ts';
import { authHeaders } from '../credentials.ts';
import { ellipsis } from '../../units.ts';
import type { Headings } from '../formatter/write.ts';
import {
  daemonError,
  failed,
  filterQuery,
  messageOf,
  query,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { Subject } from '../../../go/template/value.ts';
import { printRows } from './printing.ts';

/** Images that come and go (docker/cli v29.7 `cli/command/image`, `registry/search.go`). */
const platformProblem = (text: string): string | undefined =>
  text === '' || /^[a-z0-9_-]+(\/[a-z0-9_-]+){0,2}$/.test(text)
    ? undefined
    : `"${text}": unknown operating system or architecture: invalid argument`;

/** The name in full, and as the daemon is asked for it. */
function* wanted(call: Invocation): Step<{ full: string; short: string } | Refused> {
  const { flags, args } = call;
  const parsed = parseReference(args[0] ?? '');
  if (!parsed.ok) return refuse(parsed.message);
  const all = flags.has('all-tags');
  const bare = isNameOnly(parsed.reference);
  if (all && !bare) return refuse("tag can't be used with --all-tags/-a");
  const reference = all ? parsed.reference : withDefaultTag(parsed.reference);
  if (bare && !all && !flags.has('quiet')) yield* call.out('Using default tag: latest\n');
  return { full: formatReference(reference), short: familiarString(reference) };
}

export function* pull(call: Invocation): Step<number> {
  const { flags } = call;
  const names = yield* wanted(call);
  if (isRefused(names)) return yield* call.fail(names.refused);
  const platform = flags.text('platform');
  const wrong = platformProblem(platform);
  if (wrong !== undefined) return yield* call.fail(wrong);
  const request: EngineRequest = {
    method: 'POST',
    path: '/images/create',
    query: query({
      fromImage: names.short,
      platform: platform === '' ? undefined : platform,
      all: flags.has('all-tags'),
    }),
    headers: yield* authHeaders(call, names.full),
  };
  const answer = flags.has('quiet')
    ? yield* call.ask(request)
    : yield* call.streamed(request, 'stdout');
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* call.out(`${names.full}\n`);
  return 0;
}

export function* push(call: Invocation): Step<number> {
  const { flags } = call;
  const names = yield* wanted(call);
  if (isRefused(names)) return yield* call.fail(names.refused);
  const quiet = flags.has('quiet');
  const request: EngineRequest = {
    method: 'POST',
    path: `/images/${names.short}/push`,
    query: query({ platform: flags.last('platform'), all: flags.has('all-tags') }),
    headers: yield* authHeaders(call, names.full),
  };
  const answer = quiet ? yield* call.ask(request) : yield* call.streamed(request, 'stdout');
  // The answer had begun before it went wrong, so the words stand alone.
  if (failed(answer)) return yield* call.fail(messageOf(answer));
  if (quiet) yield* call.out(`${names.full}\n`);
  return 0;
}

export function* save(call: Invocation): Step<number> {
  const { flags, args } = call;
  const wrong = yield* outputProblem(call);
  if (wrong !== undefined) return yield* call.fail(`failed to save image: ${wrong}`);
  const platforms = flags.last('platform');
  const answer = yield* call.get<Uint8Array>('/images/get', {
    names: JSON.stringify(args),
    ...query({ platform: platforms }),
  });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  return yield* written(call, answer.body, 'failed to save image');
}

/** Why `-o` names no place for a file. */
export function* outputProblem({ flags, line }: Invocation): Step<string | undefined> {
  const output = flags.text('output');
  if (output === '') return undefined;
  const path = resolvePath(line.cwd, output);
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const there = yield* stat(line.machine, directory);
  if (there?.type === 'dir') return undefined;
  const why = there ? 'not a directory' : 'no such file or directory';
  return `invalid output path: stat ${directory}: ${why}`;
}

/** To the file that `-o` names; else to stdout, which may not be the terminal. */
export function* written(call: Invocation, bytes: Uint8Array, what: string): Step<number> {
  const { flags, line, self } = call;
  const output = flags.text('output');
  if (output !== '') {
    const path = resolvePath(line.cwd, output);
    const fault = yield* writeFile(line.machine, path, bytes, 0o600);
    if (fault === undefined) return 0;
    return yield* call.fail(`${what}: open ${output}: ${FAULT_TEXT[fault].toLowerCase()}`);
  }
  if (self.stdout === self.stderr) {
    const why = 'cowardly refusing to save to a terminal. Use the -o flag or redirect';
    return yield* call.fail(why);
  }
  yield* call.out(latin1(bytes));
  return 0;
}

/** What a file holds, or stdin when the name is empty or `-`. */
export function* inputBytes(call: Invocation, name: string): Step<Uint8Array | Refused> {
  const { line } = call;
  if (name === '' || name === '-') return fromLatin1(yield* call.readInput());
  const bytes = yield* readBytes(line.machine, resolvePath(line.cwd, name));
  return bytes ? asStreamed(bytes) : refuse(`open ${name}: no such file or directory`);
}

export function* load(call: Invocation): Step<number> {
  const { flags } = call;
  const bytes = yield* inputBytes(call, flags.text('input'));
  if (isRefused(bytes)) return yield* call.fail(bytes.refused);
  const asked = query({ quiet: '1', platform: flags.last('platform') });
  const request: EngineRequest = {
    method: 'POST',
    path: '/images/load',
    query: asked,
    body: bytes,
  };
  const answer = yield* call.streamed(request, 'stdout');
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}

export function* importImage(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [source = '', name = ''] = args;
  const remote = /^https?:\/\//.test(source);
  const bytes = remote ? new Uint8Array() : yield* inputBytes(call, source);
  if (isRefused(bytes)) return yield* call.fail(bytes.refused);
  const request: EngineRequest = {
    method: 'POST',
    path: '/images/create',
    query: {
      fromSrc: remote ? source : '-',
      ...query({
        repo: name === '' ? undefined : name,
        message: flags.last('message'),
        platform: flags.last('platform'),
      }),
      ...(flags.changed('change') ? { changes: flags.all('change').join('\n') } : {}),
    },
    body: bytes,
  };
  const answer = yield* call.streamed(request, 'stdout');
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}

interface SearchResult {
  readonly name: string;
  readonly description: string;
  readonly star_count: number;
  readonly is_official: boolean;
  readonly is_automated?: boolean;
}

const SEARCH_TABLE = 'table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}';
const SEARCH_HEADINGS: Headings = {
  Name: 'NAME',
  Description: 'DESCRIPTION',
  StarCount: 'STARS',
  IsOfficial: 'OFFICIAL',
  IsAutomated: 'AUTOMATED',
};
const DESCRIPTION_WIDTH = 45;

export function* search(call: Invocation): Step<number> {
  const { flags, args } = call;
  const answer = yield* call.get<SearchResult[]>('/images/search', {
    term: args[0] ?? '',
    ...query({ limit: flags.last('limit') }),
    ...filterQuery(flags.all('filter')),
  });
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const cut = !flags.has('no-trunc');
  const rows = answer.body.map((result) => {
    const text = result.description.replaceAll(/[\r\n]/g, ' ');
    return new Subject('*registry.searchContext', {
      Description: () => (cut ? ellipsis(text, DESCRIPTION_WIDTH) : text),
      IsAutomated: () => (result.is_automated ? '[OK]' : ''),
      IsOfficial: () => (result.is_official ? '[OK]' : ''),
      Name: () => result.name,
      StarCount: () => String(result.star_count),
    });
  });
  const source = flags.text('format');
  const format = source === '' || source === 'table' ? SEARCH_TABLE : source;
  return yield* printRows(call, format, rows, SEARCH_HEADINGS);
}
