import { goQuote } from '../../../go/quote.ts';
import { read } from '../../../sim/process.ts';
import type { Container, EnvVar } from '../../api/container.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { dryRunOf, saidOf } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { problem, refused, type Problem } from '../problems.ts';
import { call, check, fatal, print, printError, type Session, type Step } from '../session.ts';
import { gather, labelSelectorOf, NOTHING_NAMED, type Found } from '../targets.ts';
import { typedForm } from '../typed-form.ts';
import { subjectsOf } from './create/access.ts';
import { readLabelSelector, readResourceList, type Amounts } from './create/workloads.ts';
import { splitPairs } from './marks.ts';

/** `kubectl set` (staging/src/k8s.io/kubectl/pkg/cmd/set, v1.36). */
interface Edit {
  /** What is said of an object that was changed. */
  readonly said: string;
  /** In front of the server's refusal; none when it stands alone. */
  readonly prefix?: string;
  readonly words: readonly string[];
  /** What is said first, when nothing in an object is chosen. */
  readonly warning?: (object: KubeObject) => string | undefined;
  /** The object changed; problems when it cannot be. */
  readonly change: (object: KubeObject, one: Found) => KubeObject | Problem[];
}

function* edit(session: Session, { said, prefix, words, warning, change }: Edit): Step<number> {
  const { flags } = session;
  const local = flags.has('local');
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const selector = yield* labelSelectorOf(session);
  const { found, problems } = yield* gather(session, {
    words,
    local,
    fetch: !local,
    all: flags.has('all'),
    ...(selector && { selector }),
  });
  yield* check(session, problems);
  const failures: Problem[] = [];
  for (const one of found) {
    const before = one.object!;
    const warned = warning?.(before);
    if (warned !== undefined) yield* printError(session, `Warning: ${warned}\n`);
    const after = change(before, one);
    if (Array.isArray(after)) {
      failures.push(...after);
      continue;
    }
    const body = diffPatch(before, after);
    if (Object.keys(body).length === 0) continue;
    if (local || dryRun === 'client') {
      const shown = sortKeys(local ? typedForm(after) : after) as KubeObject;
      yield* output.object(shown, saidOf(said, local ? 'none' : dryRun));
      continue;
    }
    const answer = yield* call(session, {
      verb: 'patch',
      patchType: 'merge',
      resource: one.info.resource,
      namespace: one.namespace,
      name: one.name,
      body,
      fieldManager: flags.text('field-manager'),
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (answer.ok) {
      yield* output.object(sortKeys(answer.value) as KubeObject, saidOf(said, dryRun));
    } else if (prefix === undefined) failures.push(refused(answer.failure));
    else failures.push(problem(prefix + answer.failure.message));
  }
  yield* check(session, failures);
  return 0;
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly serviceAccountName?: string;
}

type Plain = Readonly<Record<string, unknown>>;

/** The object with its Pod's spec changed; undefined for one that makes no Pods. */
function withPodSpec(
  object: KubeObject,
  change: (spec: PodSpec) => PodSpec,
): KubeObject | undefined {
  const { spec } = object as KubeObject & { spec?: Plain };
  if (!spec) return undefined;
  if (object.kind === 'Pod') return { ...object, spec: change(spec) } as KubeObject;
  if (object.kind === 'CronJob') {
    const job = spec.jobTemplate as Plain;
    const inner = templated(job.spec as Plain, change);
    return { ...object, spec: { ...spec, jobTemplate: { ...job, spec: inner } } } as KubeObject;
  }
  if (!('template' in spec)) return undefined;
  return { ...object, spec: templated(spec, change) } as KubeObject;
}

function templated(spec: Plain, change: (spec: PodSpec) => PodSpec): Plain {
  const template = spec.template as Plain;
  return { ...spec, template: { ...template, spec: change(template.spec as PodSpec) } };
}

const noPods = ({ info, name }: Found): Problem[] => [
  problem(
    `error: ${info.plural}/${name} the object is not a pod or does not have a pod template: *v1.${info.kind}\n`,
  ),
];

const forEach = (spec: PodSpec, change: (container: Container) => Container): PodSpec => ({
  ...spec,
  ...(spec.initContainers && { initContainers: spec.initContainers.map(change) }),
  ...(spec.containers && { containers: spec.containers.map(change) }),
});

const nothingNamed = ({ flags }: Session, words: readonly string[]): boolean =>
  words.length === 0 && flags.all('filename').length === 0 && flags.text('kustomize') === '';

export function* setImage(session: Session): Step<number> {
  const { resources, pairs } = yield* splitPairs(session, session.words, 'image');
  if (nothingNamed(session, resources)) yield* fatal(session, NOTHING_NAMED);
  const images = new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  if (session.flags.has('local') && session.flags.all('filename').length === 0) {
    yield* gather(session, { words: resources, local: true });
  }
  if (images.size === 0) yield* fatal(session, 'at least one image update is required');
  if (images.size > 1 && images.has('*')) {
    yield* fatal(
      session,
      'all containers are already specified by *, but saw more than one container_name=container_image pairs',
    );
  }
  return yield* edit(session, {
    said: 'image updated',
    prefix: 'failed to patch image update to pod template: ',
    words: resources,
    change: (object, one) => {
      const missing: Problem[] = [];
      const changed = withPodSpec(object, (spec) => {
        const names = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(
          (c) => c.name,
        );
        for (const name of images.keys()) {
          if (name === '*' || names.includes(name)) continue;
          missing.push(problem(`error: unable to find container named ${goQuote(name)}`));
        }
        return forEach(spec, (container) => {
          const image = images.get('*') ?? images.get(container.name);
          if (image === undefined) return container;
          return { ...container, image: image === '' ? (undefined as unknown as string) : image };
        });
      });
      if (!changed) return noPods(one);
      return missing.length > 0 ? missing : changed;
    },
  });
}

/** Which containers `-c` chooses: `*` stands for any letters. */
function chooses(session: Session): (container: Container) => boolean {
  const pattern = session.flags.text('containers').replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const wanted = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  return ({ name }) => wanted.test(name);
}

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
  if (flags.has('all') && flags.text('selector') !== '') {
    yield* fatal(session, 'cannot set --all and --selector at the same time');
  }
  const isPair = (word: string): boolean => /^.+=/s.test(word) || word.endsWith('-');
  const first = words.findIndex(isPair);
  const resources = first === -1 ? words : words.slice(0, first);
  const pairs = first === -1 ? [] : words.slice(first);
  if (!pairs.every(isPair)) {
    const all = words.join(' ');
    yield* fatal(session, `all resources must be specified before environment changes: ${all}`);
  }
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
      set.push({ name, value: spec.slice(name.length + 1) });
    } else remove.add(spec.slice(0, -1));
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
  const { found, problems } = yield* gather(session, { words: [flags.text('from')], fetch: true });
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
      set.push({ name: flags.text('prefix') + variable, valueFrom: reference });
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
  const changed = withPodSpec(object, (spec) =>
    forEach(spec, (container) => {
      if (!wanted(container)) return container;
      const env = (container.env ?? []).filter(({ name }) => !remove.has(name));
      const list = env.map((old) => set.find(({ name }) => name === old.name) ?? old);
      const added = set.filter(({ name }) => !env.some((old) => old.name === name));
      const all = [...list, ...added];
      return { ...container, env: all.length > 0 ? all : undefined };
    }),
  );
  return changed ?? noPods(one);
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

export function* setResources(session: Session): Step<number> {
  const { flags, words } = session;
  if (nothingNamed(session, words)) yield* fatal(session, NOTHING_NAMED);
  if (flags.has('all') && flags.text('selector') !== '') {
    yield* fatal(session, 'cannot set --all and --selector at the same time');
  }
  if (flags.text('limits') === '' && flags.text('requests') === '') {
    yield* fatal(
      session,
      'you must specify an update to requests or limits (in the form of --requests/--limits)',
    );
  }
  const limits = yield* readResourceList(session, flags.text('limits'));
  const requests = yield* readResourceList(session, flags.text('requests'));
  const wanted = chooses(session);
  const merged = (old: Amounts | undefined, next: Amounts | undefined): Amounts | undefined =>
    next ? { ...old, ...next } : old;
  return yield* edit(session, {
    said: 'resource requirements updated',
    prefix: 'failed to patch resources update to pod template ',
    words,
    change: (object, one) => {
      const changed = withPodSpec(object, (spec) =>
        forEach(spec, (container) => {
          if (!wanted(container)) return container;
          const { resources } = container as { resources?: Record<string, Amounts> };
          const next = {
            ...resources,
            limits: merged(resources?.limits, limits),
            requests: merged(resources?.requests, requests),
          };
          return { ...container, resources: next };
        }),
      );
      return changed ?? noPods(one);
    },
  });
}

export function* setServiceAccount(session: Session): Step<number> {
  const { words } = session;
  if (words.length === 0) yield* fatal(session, 'serviceaccount is required');
  const serviceAccountName = words.at(-1) ?? '';
  return yield* edit(session, {
    said: 'serviceaccount updated',
    prefix: 'failed to patch ServiceAccountName ',
    words: words.slice(0, -1),
    change: (object, one) =>
      withPodSpec(object, (spec) => ({ ...spec, serviceAccountName })) ?? noPods(one),
  });
}

export function* setSelector(session: Session): Step<number> {
  const pairs = session.words.filter((word) => /[=!]|\s(in|notin)\s/.test(word));
  const resources = session.words.filter((word) => !pairs.includes(word));
  if (pairs.length === 0) yield* fatal(session, 'one selector is required');
  const selector = yield* readLabelSelector(session, pairs.join(','));
  return yield* edit(session, {
    said: 'selector updated',
    words: resources,
    change: (object) => {
      const { spec } = object as KubeObject & { spec?: Plain };
      if (object.kind !== 'Service') {
        const kinds = 'setting a selector is only supported for Services';
        return [problem(kinds)];
      }
      return { ...object, spec: { ...spec, selector: selector.matchLabels ?? {} } } as KubeObject;
    },
  });
}

export function* setSubject(session: Session): Step<number> {
  const { flags, words } = session;
  if (nothingNamed(session, words)) yield* fatal(session, NOTHING_NAMED);
  const subjects = yield* subjectsOf(session);
  if (subjects.length === 0) {
    yield* fatal(session, 'you must specify at least one value of user, group or serviceaccount');
  }
  if (flags.has('all') && flags.text('selector') !== '') {
    yield* fatal(session, 'cannot set --all and --selector at the same time');
  }
  return yield* edit(session, {
    said: 'subjects updated',
    prefix: 'failed to patch subjects to rolebinding: ',
    words,
    change: (object) => {
      const { subjects: old = [] } = object as KubeObject & { subjects?: readonly Plain[] };
      const same = (a: Plain, b: Plain): boolean =>
        a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
      const added = subjects.filter((one) => !old.some((before) => same(one, before)));
      return { ...object, subjects: [...old, ...added] } as KubeObject;
    },
  });
}
