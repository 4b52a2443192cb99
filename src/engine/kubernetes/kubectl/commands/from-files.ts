import type { KubeObject } from '../../apimachinery/object.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { cascadeOf, dryRunOf, fieldValidationOf, saidOf } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { refused, type Problem } from '../problems.ts';
import { call, check, fatal, misused, type Session, type Step } from '../session.ts';
import { recorded } from '../record.ts';
import { gather, labelSelectorOf, type Found } from '../targets.ts';
import { noteManifest } from './create/creator.ts';
import { waitUntilGone } from './delete.ts';
import { sendRaw } from './raw.ts';

/** `kubectl create -f` and `kubectl replace` (kubectl/pkg/cmd/{create,replace}, v1.36). */
export function* createFromFiles(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.text('raw') !== '' && flags.has('edit')) {
    yield* fatal(session, '--raw and --edit are mutually exclusive');
  }
  if (flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    if (words.length > 0) yield* misused(session, `Unexpected args: [${words.join(' ')}]`);
    yield* fatal(session, 'must specify one of -f and -k');
  }
  if (flags.text('raw') !== '') return yield* sendRaw(session, 'POST');
  if (words.length > 0) yield* misused(session, `Unexpected args: [${words.join(' ')}]`);
  if (flags.has('edit')) yield* fatal(session, 'create --edit is not modelled here');
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const fieldValidation = yield* fieldValidationOf(session);
  const selector = yield* labelSelectorOf(session);
  const { found, problems } = yield* gather(session, { validate: fieldValidation !== 'Ignore' });
  const failures: Problem[] = [...problems];
  let count = 0;
  for (const one of found) {
    if (selector && !selectorMatches(selector, one.object?.metadata.labels)) continue;
    const body = prepared(session, one);
    if (dryRun === 'client') {
      count += 1;
      yield* output.object(ordered(body), saidOf('created', dryRun));
      continue;
    }
    const answer = yield* call(session, {
      verb: 'create',
      resource: one.info.resource,
      namespace: one.namespace,
      body,
      fieldManager: flags.text('field-manager'),
      fieldValidation,
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (!answer.ok) failures.push(refused(answer.failure, 'creating', one.source));
    else {
      count += 1;
      yield* output.object(ordered(answer.value), saidOf('created', dryRun));
    }
  }
  yield* check(session, failures);
  if (count === 0) yield* fatal(session, 'no objects passed to create');
  return 0;
}

const ordered = (object: KubeObject): KubeObject => sortKeys(object) as KubeObject;

function prepared(session: Session, { object, info, namespace }: Found): KubeObject {
  const metadata = { ...object!.metadata, ...(info.namespaced && { namespace }) };
  const placed = recorded(session, { ...object!, metadata });
  return session.flags.has('save-config') ? noteManifest(placed) : placed;
}

export function* replace(session: Session): Step<number> {
  const { flags, words } = session;
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const propagationPolicy = yield* cascadeOf(session);
  if (flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    yield* fatal(session, 'must specify one of -f and -k');
  }
  if (words.length > 0) yield* misused(session, `Unexpected args: [${words.join(' ')}]`);
  const fieldValidation = yield* fieldValidationOf(session);
  const force = flags.has('force');
  if (flags.text('raw') !== '') return yield* sendRaw(session, 'PUT');
  const refusals: readonly (readonly [boolean, string])[] = [
    [flags.number('grace-period') >= 0 && !force, '--grace-period must have --force specified'],
    [flags.durationMs('timeout') !== 0 && !force, '--timeout must have --force specified'],
    [force && dryRun !== 'none', '--dry-run can not be used when --force is set'],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  // Those that are replaced by force are deleted before anything is checked.
  const validate = fieldValidation !== 'Ignore' && !force;
  const { found, problems } = yield* gather(session, { validate });
  const failures: Problem[] = [...problems];
  if (force) yield* deleteFirst(session, found, propagationPolicy);
  for (const one of found) {
    const body = prepared(session, one);
    if (dryRun === 'client') {
      yield* output.object(ordered(body), saidOf('replaced', dryRun));
      continue;
    }
    const { namespace, name, info } = one;
    const answer = yield* call(session, {
      verb: force ? 'create' : 'update',
      resource: info.resource,
      namespace,
      ...(!force && { name }),
      body,
      fieldManager: flags.text('field-manager'),
      fieldValidation,
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (!answer.ok) {
      failures.push(
        force ? refused(answer.failure) : refused(answer.failure, 'replacing', one.source),
      );
    } else yield* output.object(ordered(answer.value), saidOf('replaced', dryRun));
  }
  yield* check(session, failures);
  return 0;
}

function* deleteFirst(
  session: Session,
  found: readonly Found[],
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan',
): Step<void> {
  const grace = session.flags.number('grace-period');
  const gone: [Found, KubeObject][] = [];
  for (const one of found) {
    const answer = yield* call(session, {
      verb: 'delete',
      resource: one.info.resource,
      namespace: one.namespace,
      name: one.name,
      propagationPolicy,
      gracePeriodSeconds: grace < 0 ? 0 : grace,
    });
    if (answer.ok) gone.push([one, answer.value]);
    else if (answer.failure.reason !== 'NotFound') yield* check(session, [refused(answer.failure)]);
  }
  yield* waitUntilGone(session, gone);
}
