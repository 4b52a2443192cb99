import { goQuote } from '../../../go/quote.ts';
import { labelKey, labelValue } from '../../api/validation/names.ts';
import { CHANGE_CAUSE } from '../../api/workloads.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject, Labels } from '../../apimachinery/object.ts';
import { dryRunOf, LOCAL_IS_NO_SERVER, saidOf, type DryRun } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { problem, refused, type Problem } from '../problems.ts';
import { recorded } from '../record.ts';
import { call, check, fatal, print, type Session, type Step } from '../session.ts';
import { fieldSelectorOf, gather, labelSelectorOf, type Found } from '../targets.ts';

/** `kubectl label` and `kubectl annotate` (kubectl/pkg/cmd/{label,annotate}, v1.36). */
export const label = (session: Session): Step<number> => mark(session, LABELS);
export const annotate = (session: Session): Step<number> => mark(session, ANNOTATIONS);

interface Kind {
  readonly field: 'labels' | 'annotations';
  readonly word: 'label' | 'annotation';
  readonly file: string;
}

const LABELS: Kind = { field: 'labels', word: 'label', file: 'pod' };
const ANNOTATIONS: Kind = { field: 'annotations', word: 'annotation', file: 'rsrc' };

interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** Resources first, then what is set or taken away. */
export function* splitPairs(
  session: Session,
  words: readonly string[],
  what: string,
): Step<{ resources: string[]; pairs: string[] }> {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const word of words) {
    const isPair =
      (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word !== '-');
    if (isPair) pairs.push(word);
    else if (pairs.length === 0) resources.push(word);
    else yield* fatal(session, `all resources must be specified before ${what} changes: ${word}`);
  }
  return { resources, pairs };
}

function* changesOf(session: Session, pairs: readonly string[], { word }: Kind): Step<Changes> {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at === -1) {
      remove.push(pair.slice(0, -1));
      continue;
    }
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (word === 'label') {
      if (value.includes('=')) yield* fatal(session, `invalid label spec: ${pair}`);
      const errors = labelValue(value);
      if (errors.length > 0) {
        yield* fatal(session, `invalid label value: ${goQuote(pair)}: ${errors.join(';')}`);
      }
    }
    set.set(key, value);
  }
  const both = remove.filter((key) => set.has(key));
  if (both.length > 0) {
    const why =
      word === 'label'
        ? 'can not both modify and remove a label in the same command'
        : `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`;
    yield* fatal(session, why);
  }
  return { set, remove };
}

function* mark(session: Session, kind: Kind): Step<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const printer = yield* choosePrinter(session);
  const { resources, pairs } = yield* splitPairs(session, session.words, kind.word);
  const changes = yield* changesOf(session, pairs, kind);
  const local = flags.has('local');
  const listing = flags.has('list');
  yield* checkFlags(session, kind, { resources, changes, dryRun });
  const selector = yield* labelSelectorOf(session);
  const fieldSelector = yield* fieldSelectorOf(session);
  const { found, problems, single } = yield* gather(session, {
    words: resources,
    local,
    fetch: !local,
    all: flags.has('all'),
    allNamespaces: flags.has('all-namespaces'),
    ...(selector && { selector }),
    ...(fieldSelector && { fieldSelector }),
  });
  if (!single && flags.text('resource-version') !== '') {
    yield* fatal(session, '--resource-version may only be used with a single resource');
  }
  const failures: Problem[] = [...problems];
  let output = new Output(session, printer);
  for (const one of found) {
    const changed = changedObject(session, one.object!, changes, kind);
    if ('problem' in changed) {
      failures.push(...changed.problem);
      continue;
    }
    if (listing) {
      yield* printList(session, one, kind, changed.object, single);
      continue;
    }
    const { object } = changed;
    const next = local ? object : recorded(session, object);
    const shown = yield* written(session, one, { dryRun, kind, changes, local }, next);
    if ('problem' in shown) failures.push(shown.problem);
    else {
      const said = saidOf(kind.word === 'label' ? changed.said : 'annotated', dryRun);
      // Labelled objects have a printer each, so that no `---` parts them.
      if (kind.word === 'label') output = new Output(session, printer);
      yield* output.object(sortKeys(shown.object) as KubeObject, said);
    }
  }
  yield* check(session, failures);
  return 0;
}

function* checkFlags(
  session: Session,
  { word, file }: Kind,
  {
    resources,
    changes,
    dryRun,
  }: { resources: readonly string[]; changes: Changes; dryRun: DryRun },
): Step<void> {
  const { flags } = session;
  const files = flags.all('filename').length > 0 || flags.text('kustomize') !== '';
  const listing = flags.has('list');
  const together = '--list and --output may not be specified together';
  if (listing && flags.text('output') !== '') yield* fatal(session, together);
  for (const name of ['selector', 'field-selector']) {
    if (flags.has('all') && flags.text(name) !== '') {
      yield* fatal(session, `cannot set --all and --${name} at the same time`);
    }
  }
  const names = `-f ${file}.yaml or --filename=${file}.json`;
  if (flags.has('local')) {
    if (dryRun === 'server') yield* fatal(session, LOCAL_IS_NO_SERVER);
    if (resources.length > 0) {
      yield* fatal(session, `can only use local files by ${names} when --local=true is set`);
    }
    if (!files) yield* fatal(session, `one or more files must be specified as ${names}`);
  } else if (resources.length === 0 && !files) {
    const form = '<resource> <name> or <resource>/<name>';
    yield* fatal(session, `one or more resources must be specified as ${form}`);
  }
  if (changes.set.size + changes.remove.length === 0 && !listing) {
    yield* fatal(session, `at least one ${word} update is required`);
  }
  if (word !== 'annotation') return;
  for (const key of [...changes.remove, ...changes.set.keys()]) {
    const errors = labelKey(key.toLowerCase());
    if (errors.length > 0) {
      yield* fatal(session, `invalid annotation key: ${goQuote(key)}: ${errors.join('; ')}`);
    }
  }
}

type Changed =
  { readonly object: KubeObject; readonly said: string } | { readonly problem: Problem[] };

function changedObject(
  { flags }: Session,
  object: KubeObject,
  { set, remove }: Changes,
  { field, word }: Kind,
): Changed {
  const before: Labels = object.metadata[field] ?? {};
  if (!flags.has('overwrite')) {
    const clashes = [...set]
      .filter(([key, value]) => Object.hasOwn(before, key) && before[key] !== value)
      .filter(([key]) => word === 'label' || key !== CHANGE_CAUSE)
      .map(([key]) => `'${key}' already has a value (${before[key] ?? ''})`);
    if (clashes.length > 0 && word === 'label') {
      return { problem: clashes.map((one) => problem(`${one}, and --overwrite is false`)) };
    }
    if (clashes.length > 0) {
      const list = clashes.join('; ');
      const why = '--overwrite is false but found the following declared annotation(s)';
      return { problem: [problem(`${why}: ${list}`)] };
    }
  }
  const after = new Map(Object.entries(before));
  const added = [...set].filter(([key, value]) => after.get(key) !== value).length;
  for (const [key, value] of set) after.set(key, value);
  const removed = remove.filter((key) => after.delete(key)).length;
  const said =
    added > 0 ? (removed > 0 ? 'modified' : 'labeled') : removed > 0 ? 'unlabeled' : 'not labeled';
  const marked = { ...object.metadata, [field]: Object.fromEntries(after) };
  const version = flags.text('resource-version');
  const metadata = version === '' ? marked : { ...marked, resourceVersion: version };
  return { object: { ...object, metadata }, said };
}

function* printList(
  session: Session,
  { info, name }: Found,
  { field }: Kind,
  object: KubeObject,
  single: boolean,
): Step<void> {
  if (!single) {
    const what = `${info.kind}.${info.group}/${name}`;
    yield* print(session, `Listing ${field} for ${what}:\n`);
  }
  const marks = Object.entries(object.metadata[field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of marks) {
    yield* print(session, `${single ? '' : ' '}${key}=${value}\n`);
  }
}

function* written(
  session: Session,
  one: Found,
  {
    dryRun,
    kind,
    changes,
    local,
  }: { dryRun: DryRun; kind: Kind; changes: Changes; local: boolean },
  object: KubeObject,
): Step<{ object: KubeObject } | { problem: Problem }> {
  const { info, namespace, name } = one;
  if (local || dryRun === 'client') return { object };
  const before = one.object!;
  if (kind.word === 'label') {
    for (const key of changes.remove) {
      if (!Object.hasOwn(before.metadata.labels ?? {}, key)) {
        yield* print(session, `label ${goQuote(key)} not found.\n`);
      }
    }
  }
  const version = session.flags.text('resource-version');
  const { resourceVersion: _version, ...unversioned } = before.metadata;
  const start = version === '' ? before : { ...before, metadata: unversioned };
  const body = diffPatch(start, object);
  if (Object.keys(body).length === 0) return { object };
  const answer = yield* call(session, {
    verb: 'patch',
    patchType: 'merge',
    resource: info.resource,
    namespace,
    name,
    body,
    fieldManager: session.flags.text('field-manager'),
    ...(dryRun === 'server' && { dryRun: true }),
  });
  return answer.ok ? { object: answer.value } : { problem: refused(answer.failure) };
}
