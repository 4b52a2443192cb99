import { naturalOrder } from '../../docker/cli/commands/container-look.ts';
import { inspectKind } from '../../docker/cli/commands/inspect.ts';
import { printRows } from '../../docker/cli/commands/printing.ts';
import type { CommandHandlers } from '../../docker/cli/commands.ts';
import { labelOf } from '../../docker/cli/formatter/container.ts';
import {
  CONFIG_TABLE,
  SECRET_TABLE,
  SWARM_FILE_HEADINGS,
} from '../../docker/cli/formatter/swarm.ts';
import { ofText } from '../../docker/cli/formatter/time.ts';
import { filterQuery, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { pairs } from '../../docker/cli/options/key-values.ts';
import { humanDuration } from '../../docker/units.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import { Subject, type Value } from '../../go/template/value.ts';
import { readBytes, stat } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { encodeBase64 } from '../../oci/base64.ts';
import type { FileWire } from '../wire/file.ts';
import { prettyFile } from './file-pretty.ts';
import { problemOf, say } from './lines.ts';

/** `docker secret` and `docker config` (docker/cli v29.7 `cli/command/{secret,config}`). */
type Kind = 'secret' | 'config';

const encoder = new TextEncoder();

function* create(call: Invocation, kind: Kind): Step<number> {
  const { flags, args } = call;
  const [name = '', file = ''] = args;
  const driver = flags.text('driver');
  const templating = flags.text('template-driver');
  if (driver !== '' && file !== '') {
    return yield* call.fail('when using secret driver secret data must be empty');
  }
  const data = driver === '' ? yield* read(call, kind, file) : '';
  if (isRefused(data)) return yield* call.fail(data.refused);
  const spec = {
    ...{ Name: name, Labels: pairs(flags.all('label')) },
    ...(driver === '' ? { Data: data } : { Driver: { Name: driver } }),
    ...(templating !== '' && { Templating: { Name: templating } }),
  };
  const answer = yield* call.post<{ ID: string }>(`/${kind}s/create`, {}, spec);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  yield* say(call, answer.body.ID);
  return 0;
}

/** Base64 of a file or of stdin. */
function* read(call: Invocation, kind: Kind, file: string): Step<string | Refused> {
  const refused = (why: string): Refused =>
    refuse(kind === 'secret' ? why : `error reading content from ${goQuote(file)}: ${why}`);
  if (file === '') return refused(`${kind} file is required`);
  if (file === '-') {
    const text = yield* call.readInput();
    if (text === '') return refused('error reading from STDIN: data is empty');
    return encodeBase64(encoder.encode(text));
  }
  const path = resolvePath(call.line.cwd, file);
  const found = yield* stat(call.line.machine, path);
  const failed = (why: string): Refused => refused(`error reading from ${file}: ${why}`);
  if (!found) return failed(`open ${file}: no such file or directory`);
  if (found.type === 'dir') return failed(`read ${file}: is a directory`);
  const bytes = yield* readBytes(call.line.machine, path);
  if (!bytes || bytes.length === 0) return failed('data is empty');
  return encodeBase64(bytes);
}

function* list(call: Invocation, kind: Kind): Step<number> {
  const { flags } = call;
  const answer = yield* call.get<FileWire[]>(`/${kind}s`, filterQuery(flags.all('filter')));
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  const nowMs = yield* call.now();
  const sorted = [...answer.body].sort((a, b) => naturalOrder(a.Spec.Name, b.Spec.Name));
  const rows = sorted.map((file) => rowOf(kind, file, nowMs));
  const table = kind === 'secret' ? SECRET_TABLE : CONFIG_TABLE;
  const format = flags.text('format');
  const isTable = format === '' || format === 'table';
  const shown = isTable ? (flags.has('quiet') ? '{{.ID}}' : table) : format;
  return yield* printRows(call, shown, rows, SWARM_FILE_HEADINGS);
}

function rowOf(kind: Kind, { ID, Spec, CreatedAt, UpdatedAt }: FileWire, nowMs: number): Subject {
  const ago = (text: string): string => `${humanDuration(nowMs - ofText(text))} ago`;
  const labels = Object.entries(Spec.Labels).map(([key, value]) => `${key}=${value}`);
  return new Subject(`*${kind}.${kind}Context`, {
    CreatedAt: () => ago(CreatedAt),
    ...(kind === 'secret' && { Driver: () => Spec.Driver?.Name ?? '' }),
    ID: () => ID,
    Label: (name: Value) => labelOf(Spec.Labels, name),
    Labels: () => labels.sort().join(','),
    Name: () => Spec.Name,
    UpdatedAt: () => ago(UpdatedAt),
  });
}

function* inspect(call: Invocation, kind: Kind): Step<number> {
  const { flags, args } = call;
  const format = flags.has('pretty') ? 'pretty' : flags.text('format');
  if (format.startsWith('pretty') && format !== 'pretty') {
    return yield* call.fail('cannot supply extra formatting options to the pretty template');
  }
  if (format !== 'pretty') return yield* inspectKind(kind, { syntaxError: 1 })(call);
  for (const name of args) {
    const answer = yield* call.get<FileWire>(`/${kind}s/${name}`);
    const problem = problemOf(answer);
    if (problem !== undefined) return yield* call.fail(problem);
    yield* say(call, prettyFile(kind, answer.body));
  }
  return 0;
}

function* remove(call: Invocation, kind: Kind): Step<number> {
  const problems: string[] = [];
  for (const name of call.args) {
    const problem = problemOf(yield* call.ask({ method: 'DELETE', path: `/${kind}s/${name}` }));
    if (problem === undefined) yield* say(call, name);
    else problems.push(problem);
  }
  return yield* call.joined(problems);
}

const commandsOf = (kind: Kind): CommandHandlers => ({
  [`${kind} create`]: (call) => create(call, kind),
  [`${kind} inspect`]: (call) => inspect(call, kind),
  [`${kind} ls`]: (call) => list(call, kind),
  [`${kind} rm`]: (call) => remove(call, kind),
});

export const fileCommands: CommandHandlers = { ...commandsOf('secret'), ...commandsOf('config') };
