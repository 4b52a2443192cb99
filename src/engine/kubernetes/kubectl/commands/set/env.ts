import { goQuote } from '../../../../go/quote.ts';
import { read } from '../../../../sim/process.ts';
import type { Container, EnvVar } from '../../../api/container.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { dryRunOf, LOCAL_IS_NO_SERVER } from '../../options.ts';
import type { Problem } from '../../problems.ts';
import { check, fatal, print, type Session, type Step } from '../../session.ts';
import { gather, type Found } from '../../targets.ts';
import {
  ALL_AND_SELECTOR,
  allAndSelector,
  chooses,
  edit,
  forEach,
  misfit,
  noPods,
  withPodSpec,
} from './pod-templates.ts';

/** `kubectl set env` (staging/src/k8s.io/kubectl/pkg/cmd/set/{set_env.go,env}, v1.36). */
/** What a name has to be like (apimachinery/pkg/util/validation `IsEnvVarName`, v1.36). */
const NO_VARIABLE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', " +
  "or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or " +
  "'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

interface EnvironmentChanges {
  readonly set: EnvVar[];
  readonly remove: Set<string>;
}

export function* setEnv(session: Session): Step<number> {
  const { flags, words } = session;
  if (allAndSelector(session)) yield* fatal(session, ALL_AND_SELECTOR);
  const isPair = (word: string): boolean => /^.+=/s.test(word) || word.endsWith('-');
  const first = words.findIndex(isPair);
  const resources = first === -1 ? words : words.slice(0, first);
  const pairs = first === -1 ? [] : words.slice(first);
  if (!pairs.every(isPair)) {
    const all = words.join(' ');
    yield* fatal(session, `all resources must be specified before environment changes: ${all}`);
  }
  const dryRun = yield* dryRunOf(session);
  if (flags.has('local') && dryRun === 'server') yield* fatal(session, LOCAL_IS_NO_SERVER);
  if (flags.all('filename').length === 0 && resources.length === 0) {
    const form = '<resource> <name> or <resource>/<name>';
    yield* fatal(session, `one or more resources must be specified as ${form}`);
  }
  if (flags.has('list') && flags.text('output') !== '') {
    yield* fatal(session, '--list and --output may not be specified together');
  }
  if (flags.all('keys').length > 0 && flags.text('from') === '') {
    yield* fatal(
      session,
      'when specifying --keys, a configmap or secret must be provided with --from',
    );
  }
  const changes = yield* environmentOf(session, [...flags.all('env'), ...pairs]);
  if (flags.text('from') !== '') yield* fromSource(session, changes);
  const prefix = flags.text('prefix');
  for (const [i, one] of changes.set.entries()) {
    changes.set[i] = { ...one, name: prefix + one.name };
  }
  if (flags.has('list')) return yield* listEnvironment(session, resources);
  const fromFiles = flags.all('filename').length > 0;
  return yield* edit(session, {
    said: 'env updated',
    prefix: 'failed to patch env update to pod template: ',
    words: fromFiles ? [] : resources,
    warning: (object) => nothingChosen(session, object),
    change: (object, one) => changedEnvironment(session, object, one, changes),
  });
}

function* environmentOf(session: Session, specs: readonly string[]): Step<EnvironmentChanges> {
  const set: EnvVar[] = [];
  const remove = new Set<string>();
  for (const spec of specs) {
    if (spec === '-') {
      for (let more = yield* read<string>(session.self.stdin); more;) {
        for (const line of more.join('').split('\n')) {
          const at = line.indexOf('=');
          if (at > 0) set.push({ name: line.slice(0, at), value: line.slice(at + 1) });
        }
        more = yield* read<string>(session.self.stdin);
      }
    } else if (spec.includes('=')) {
      const name = spec.slice(0, spec.indexOf('='));
      if (!VARIABLE.test(name)) {
        yield* fatal(session, `${goQuote(name)} is not a valid key name: ${NO_VARIABLE}`);
      }
      const value = spec.slice(name.length + 1);
      set.push(value === '' ? { name } : { name, value });
    } else if (spec.endsWith('-')) remove.add(spec.slice(0, -1));
    else yield* fatal(session, `unknown environment variable: ${spec}`);
  }
  if (set.some(({ name }) => remove.has(name))) {
    const what = 'the same environment variable in the same command';
    yield* fatal(session, `can not both modify and remove ${what}`);
  }
  return { set, remove };
}

/** A variable for every key of a ConfigMap or Secret: `--from`. */
function* fromSource(session: Session, { set }: EnvironmentChanges): Step<void> {
  const { flags } = session;
  const keys = flags.all('keys');
  const local = flags.has('local');
  const words = local ? [] : [flags.text('from')];
  const { found, problems } = yield* gather(session, { words, local, fetch: !local });
  yield* check(session, problems);
  for (const { object, info, name } of found) {
    const source =
      info.resource === 'secrets'
        ? 'secretKeyRef'
        : info.resource === 'configmaps'
          ? 'configMapKeyRef'
          : undefined;
    if (!source) yield* fatal(session, 'unsupported resource specified in --from');
    const { data = {} } = object as KubeObject & { data?: Readonly<Record<string, string>> };
    for (const key of Object.keys(data)) {
      if (keys.length > 0 && !keys.includes(key)) continue;
      const variable = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
      const reference = { [source!]: { name, key } };
      set.push({ name: variable, valueFrom: reference });
    }
  }
}

/** `-c` names no container of an object. */
function nothingChosen(session: Session, object: KubeObject): string | undefined {
  let count = 0;
  const wanted = chooses(session);
  const hasPods = withPodSpec(object, (spec) => {
    count = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(wanted).length;
    return spec;
  });
  if (!hasPods || count > 0) return undefined;
  const pattern = goQuote(session.flags.text('containers'));
  return `${object.kind}/${object.metadata.name} does not have any containers matching ${pattern}`;
}

function changedEnvironment(
  session: Session,
  object: KubeObject,
  one: Found,
  { set, remove }: EnvironmentChanges,
): KubeObject | Problem[] {
  const wanted = chooses(session);
  let clash: string | undefined;
  const changed = withPodSpec(object, (spec) =>
    forEach(spec, (container) => {
      if (!wanted(container)) return container;
      const env = (container.env ?? []).filter(({ name }) => !remove.has(name));
      if (!session.flags.has('overwrite')) clash ??= overwritten(container, set);
      const list = env.map((old) => set.find(({ name }) => name === old.name) ?? old);
      const names = new Set(env.map(({ name }) => name));
      for (const one of set) {
        if (names.has(one.name)) continue;
        names.add(one.name);
        list.push(one);
      }
      return { ...container, env: list.length > 0 ? list : undefined };
    }),
  );
  if (clash !== undefined) return misfit(session, one, clash);
  return changed ?? noPods(session, one);
}

/** Why `--overwrite=false` keeps the variables as they are. */
function overwritten({ env = [] }: Container, set: readonly EnvVar[]): string | undefined {
  const old = env.find(({ name }) => set.some((one) => one.name === name));
  if (!old) return undefined;
  return `'${old.name}' already has a value (${old.value ?? ''}), and --overwrite is false`;
}

function* listEnvironment(session: Session, resources: readonly string[]): Step<number> {
  const local = session.flags.has('local');
  const fromFiles = session.flags.all('filename').length > 0;
  const { found, problems } = yield* gather(session, {
    words: fromFiles ? [] : resources,
    local,
    fetch: !local,
    all: session.flags.has('all'),
  });
  yield* check(session, problems);
  const wanted = chooses(session);
  for (const { object, info, name } of found) {
    const lines: string[] = [];
    withPodSpec(object!, (spec) => {
      for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
        if (!wanted(container)) continue;
        lines.push(`# ${info.kind} ${name}, container ${container.name}`);
        for (const variable of container.env ?? []) lines.push(variableLine(variable));
      }
      return spec;
    });
    yield* print(session, lines.map((line) => `${line}\n`).join(''));
  }
  return 0;
}

function variableLine({ name, value, valueFrom }: EnvVar): string {
  if (!valueFrom) return `${name}=${value ?? ''}`;
  const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom;
  if (configMapKeyRef) {
    return `# ${name} from configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  }
  if (secretKeyRef) return `# ${name} from secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  if (fieldRef) return `# ${name} from field path ${fieldRef.fieldPath}`;
  return `# ${name} from resource field`;
}
