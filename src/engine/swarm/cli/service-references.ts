import { networkSpec, parseNetwork } from '../../docker/cli/options/network.ts';
import { filterQuery, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { readCsv } from '../../go/csv.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type {
  ConfigReference,
  FileTarget,
  NetworkAttachmentConfig,
  SecretReference,
} from '../api.ts';
import { problemOf } from './lines.ts';

/**
 * Secrets, configs and networks that flags name, with the ids the swarm knows them by (docker/cli
 * v29.7 `cli/command/service/parse.go`, `opts/swarmopts`).
 */
interface FileFlag {
  readonly source: string;
  readonly file: FileTarget;
}

const DEFAULT_MODE = 0o444;

/** `name`, or `source=…,target=…,uid=…,gid=…,mode=…`; it was checked when it was read. */
function readFlag(text: string): FileFlag {
  const read = readCsv(text);
  const fields = isRefused(read) ? [text] : read;
  const isName = fields.length === 1 && !fields[0]!.includes('=');
  const values: Record<string, string> = isName ? { source: text } : {};
  for (const field of isName ? [] : fields) {
    const at = field.indexOf('=');
    const key = field.slice(0, at).toLowerCase();
    values[key === 'src' ? 'source' : key] = field.slice(at + 1);
  }
  const { source = '', uid = '0', gid = '0', mode = '' } = values;
  const Name = values.target || source;
  const Mode = mode === '' ? DEFAULT_MODE : Number(mode.replace(/^0(?=\d)/, '0o'));
  return { source, file: { Name, UID: uid, GID: gid, Mode } };
}

interface Named {
  readonly ID: string;
  readonly Spec: { readonly Name: string };
}

interface Resolved {
  readonly id: string;
  readonly name: string;
  readonly file: FileTarget;
}

function* resolve(
  call: Invocation,
  kind: 'secrets' | 'configs',
  texts: readonly string[],
): Step<Resolved[] | Refused> {
  const wanted = texts.map((text) => readFlag(text));
  const what = kind.slice(0, -1);
  const targets = new Set<string>();
  for (const { source, file } of wanted) {
    if (targets.has(file.Name)) {
      return refuse(`duplicate ${what} target for ${source} not allowed`);
    }
    targets.add(file.Name);
  }
  if (wanted.length === 0) return [];
  const filters = filterQuery(wanted.map(({ source }) => `name=${source}`));
  const answer = yield* call.get<Named[]>(`/${kind}`, filters);
  const problem = problemOf(answer);
  if (problem !== undefined) return refuse(problem);
  const found: Resolved[] = [];
  for (const { source, file } of wanted) {
    const one = answer.body.find(({ Spec }) => Spec.Name === source);
    if (!one) return refuse(`${what} not found: ${source}`);
    found.push({ id: one.ID, name: source, file });
  }
  return found;
}

export function* secretReferences(
  call: Invocation,
  flag: string,
): Step<SecretReference[] | Refused> {
  const found = yield* resolve(call, 'secrets', call.flags.all(flag));
  if (isRefused(found)) return found;
  return found.map(({ id, name, file }) => ({ File: file, SecretID: id, SecretName: name }));
}

export function* configReferences(
  call: Invocation,
  flag: string,
): Step<ConfigReference[] | Refused> {
  const found = yield* resolve(call, 'configs', call.flags.all(flag));
  if (isRefused(found)) return found;
  return found.map(({ id, name, file }) => ({ File: file, ConfigID: id, ConfigName: name }));
}

/** The id of a network of the swarm. */
export function* networkId(call: Invocation, name: string): Step<string | Refused> {
  if (name.trim() === '') return refuse('invalid network name or ID: value is empty');
  const answer = yield* call.get<{ Id: string }>(`/networks/${name}`, { scope: 'swarm' });
  const problem = problemOf(answer);
  return problem === undefined ? answer.body.Id : refuse(problem);
}

/** Networks that a flag names, in order of their ids. */
export function* networkAttachments(
  call: Invocation,
  flag: string,
): Step<NetworkAttachmentConfig[] | Refused> {
  const found: NetworkAttachmentConfig[] = [];
  for (const text of call.flags.all(flag)) {
    const read = parseNetwork(text);
    const { target, aliases, driverOpts } = isRefused(read) ? networkSpec(text) : read;
    const Target = yield* networkId(call, target);
    if (isRefused(Target)) return Target;
    found.push({
      Target,
      ...(aliases.length > 0 && { Aliases: aliases }),
      ...(Object.keys(driverOpts).length > 0 && { DriverOpts: driverOpts }),
    });
  }
  return found.sort((a, b) => (a.Target < b.Target ? -1 : 1));
}
