import { labelKey, labelValue } from '../../api/validation/names.ts';
import type { Node } from '../../api/cluster-objects.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { dryRunOf, fieldValidationOf } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { problem, refused, type Problem } from '../problems.ts';
import { call, check, fatal, misused, type Session, type Step } from '../session.ts';
import { gather, labelSelectorOf, resourceNamed } from '../targets.ts';

/** `kubectl taint` (staging/src/k8s.io/kubectl/pkg/cmd/taint, v1.36). */
type Taint = NonNullable<Node['spec']['taints']>[number];

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

interface Wanted {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

function parseTaint(text: string): Wanted | Problem {
  const parts = text.split(':');
  const invalid = (why = ''): Problem => problem(`invalid taint spec: ${text}${why}`);
  if (parts.length > 2) return invalid();
  let key = parts[0] ?? '';
  let value = '';
  const effect = parts[1] ?? '';
  if (parts.length === 2) {
    if (!EFFECTS.includes(effect)) {
      return problem(`invalid taint effect: ${effect}, unsupported taint effect`);
    }
    const pair = key.split('=');
    if (pair.length > 2) return invalid();
    [key = '', value = ''] = pair;
    const errors = labelValue(value);
    if (errors.length > 0) return invalid(`, ${errors.join('; ')}`);
  }
  const errors = labelKey(key);
  return errors.length > 0 ? invalid(`, ${errors.join('; ')}`) : { key, value, effect };
}

interface Changes {
  readonly add: readonly Wanted[];
  readonly remove: readonly Wanted[];
}

function parseTaints(texts: readonly string[]): Changes | Problem {
  const add: Wanted[] = [];
  const remove: Wanted[] = [];
  for (const text of texts) {
    const removes = text.endsWith('-');
    const taint = parseTaint(removes ? text.slice(0, -1) : text);
    if ('message' in taint) return taint;
    if (removes) {
      remove.push(taint);
      continue;
    }
    if (taint.effect === '') return problem(`invalid taint spec: ${text}`);
    if (add.some(({ key, effect }) => key === taint.key && effect === taint.effect)) {
      const shown = `{${taint.key} ${taint.value} ${taint.effect} <nil>}`;
      return problem(`duplicated taints with the same key and effect: ${shown}`);
    }
    add.push(taint);
  }
  return { add, remove };
}

export function* taint(session: Session): Step<number> {
  const { flags, words } = session;
  const dryRun = yield* dryRunOf(session);
  yield* fieldValidationOf(session);
  const isTaint = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-');
  const first = words.findIndex(isTaint);
  const resources = first === -1 ? words : words.slice(0, first);
  const texts = first === -1 ? [] : words.slice(first);
  const stray = texts.find((word) => !isTaint(word));
  if (stray !== undefined) {
    yield* fatal(session, `all resources must be specified before taint changes: ${stray}`);
  }
  if (resources.length === 0) {
    yield* fatal(session, 'one or more resources must be specified as <resource> <name>');
  }
  if (texts.length === 0) yield* fatal(session, 'at least one taint update is required');
  const changes = parseTaints(texts);
  if ('message' in changes) return yield* misused(session, changes.message);
  yield* checkTargets(session, resources[0] ?? '', changes, resources.length);
  const selector = yield* labelSelectorOf(session);
  const all = flags.has('all');
  const { found, problems } = yield* gather(session, {
    words: all || selector ? ['nodes'] : ['nodes', ...resources.slice(1)],
    fetch: true,
    all,
    ...(selector && { selector }),
  });
  const output = new Output(session, yield* choosePrinter(session));
  const failures: Problem[] = [...problems];
  for (const { object, name } of found) {
    const result = retainted(object as Node, changes, flags.has('overwrite'));
    if ('message' in result) {
      failures.push(result);
      continue;
    }
    const body = { spec: { taints: result.taints } };
    if (dryRun === 'client') {
      const next = { ...object, spec: { ...(object as Node).spec, ...body.spec } } as KubeObject;
      yield* output.object(sortKeys(next) as KubeObject, result.said);
      continue;
    }
    const answer = yield* call(session, {
      verb: 'patch',
      patchType: 'merge',
      resource: 'nodes',
      name,
      body,
      fieldManager: flags.text('field-manager'),
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (answer.ok) {
      yield* output.object(sortKeys(answer.value) as KubeObject, result.said);
    } else failures.push(refused(answer.failure));
  }
  yield* check(session, failures);
  return 0;
}

function* checkTargets(
  session: Session,
  word: string,
  { add, remove }: Changes,
  count: number,
): Step<void> {
  const { flags } = session;
  const info = yield* resourceNamed(session, word);
  if (info.kind !== 'Node') {
    const why = 'only node types are supported';
    yield* fatal(session, `invalid resource type ${word.toLowerCase()}, ${why}`);
  }
  const clashes = add.flatMap((added) =>
    remove
      .filter(({ key, effect }) => key === added.key && (effect === '' || effect === added.effect))
      .map(({ key, effect }) => `${key}=${effect}`),
  );
  if (clashes.length > 0) {
    const what = 'the following taint(s) in the same command';
    yield* fatal(session, `can not both modify and remove ${what}: ${clashes.join(', ')}`);
  }
  const selector = flags.text('selector');
  if (flags.has('all') && selector !== '') {
    yield* fatal(session, "setting 'all' parameter with a non empty selector is prohibited");
  }
  if (!flags.has('all') && selector === '' && count < 2) {
    const must = "at least one resource name must be specified since 'all' parameter is not set";
    yield* fatal(session, must);
  }
}

function retainted(
  { metadata, spec }: Node,
  { add, remove }: Changes,
  overwrite: boolean,
): { readonly said: string; readonly taints: readonly unknown[] } | Problem {
  const old: readonly Taint[] = spec.taints ?? [];
  const same = (a: Wanted | Taint, b: Wanted | Taint): boolean =>
    a.key === b.key && a.effect === b.effect;
  const there = add.filter((one) => old.some((taint) => same(one, taint)));
  if (!overwrite && there.length > 0) {
    const list = there.map(({ key }) => key).join(',');
    const why = 'taint(s) with same effect(s) and --overwrite is false';
    return problem(`node ${metadata.name} already has ${list} ${why}`);
  }
  const fresh = add.map(({ key, value, effect }) => ({ key, ...(value && { value }), effect }));
  let taints: (Taint | (typeof fresh)[number])[] = [...fresh];
  taints.push(...old.filter((one) => !add.some((taint) => same(one, taint))));
  const added = old.length !== taints.length;
  let removed = false;
  for (const one of remove) {
    const left = taints.filter(
      (taint) => taint.key !== one.key || (one.effect !== '' && taint.effect !== one.effect),
    );
    removed = left.length !== taints.length;
    if (!removed) {
      const shown = one.effect === '' ? one.key : `${one.key}:${one.effect}`;
      return problem(`taint ${JSON.stringify(shown)} not found`);
    }
    taints = left;
  }
  const said = (added && removed) || overwrite ? 'modified' : added ? 'tainted' : 'untainted';
  return { said, taints };
}
