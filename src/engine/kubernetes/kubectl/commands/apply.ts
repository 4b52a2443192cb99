import { goQuote } from '../../../go/quote.ts';
import { isRefused, type Refused } from '../../../go/refused.ts';
import type { PatchType } from '../../api/requests.ts';
import { resourceByKind } from '../../api/resources.ts';
import { definitionOfKind, isCustomResource } from '../../api/schema/definitions.ts';
import { LAST_APPLIED } from '../../api/workloads.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { cascadeOf, dryRunOf, fieldValidationOf, saidOf, type DryRun } from '../options.ts';
import { goJson } from '../printers/go-json.ts';
import { choosePrinter, Output, withoutManagedFields, type Printer } from '../printers/printer.ts';
import { problem, refused, type Problem } from '../problems.ts';
import {
  call,
  check,
  fatal,
  misused,
  now,
  printError,
  sleepFor,
  type Session,
  type Step,
} from '../session.ts';
import { recorded } from '../record.ts';
import { gather, groupVersionResource, labelSelectorOf, type Found } from '../targets.ts';
import { strategicThreeWay, type Plain } from '../strategic-diff.ts';
import { mergeThreeWay } from '../three-way.ts';
import { noteManifest } from './create/creator.ts';
import { checkAllowlist, prune } from './prune.ts';

/**
 * `kubectl apply`: makes what is not there; of what is there, changes what the manifest says and
 * takes away what an earlier manifest said and this one does not
 * (staging/src/k8s.io/kubectl/pkg/cmd/apply/{apply,patcher}.go, v1.36).
 */
export interface ApplyOptions {
  readonly dryRun: DryRun;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  readonly serverSide: boolean;
  readonly fieldManager: string;
}

export function* apply(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length > 0) yield* misused(session, `Unexpected args: [${words.join(' ')}]`);
  const options = yield* optionsOf(session);
  if (flags.has('prune')) yield* checkAllowlist(session);
  const selector = yield* labelSelectorOf(session);
  const gathered = yield* gather(session, { validate: options.fieldValidation !== 'Ignore' });
  const { problems } = gathered;
  const found = selector
    ? gathered.found.filter(({ object }) => selectorMatches(selector, object?.metadata.labels))
    : gathered.found;
  if (found.length === 0 && problems.length === 0) {
    yield* fatal(session, 'no objects passed to apply');
  }
  const failures: Problem[] = [...problems];
  const applied: KubeObject[] = [];
  let printer: Printer = { kind: 'other', format: '' };
  let output = new Output(session, printer);
  for (const named of found) {
    const one = { ...named, object: recorded(session, named.object!) };
    const result = options.serverSide
      ? yield* applyOnServer(session, one, options)
      : yield* applyOne(session, one, options);
    if ('problem' in result) failures.push(result.problem);
    else {
      if (applied.length === 0) {
        // Only what is printed needs a form: one that is wrong is found out late.
        printer = yield* choosePrinter(session);
        output = new Output(session, printer);
      }
      applied.push(result.object);
      if (printer.kind === 'other' || printer.kind === 'name') {
        yield* output.object(result.object, saidOf(result.said, options.dryRun));
      }
    }
  }
  yield* printAll(session, output, printer, applied);
  yield* check(session, failures);
  if (flags.has('prune')) yield* prune(session, applied, options.dryRun);
  return 0;
}

/** With `-o yaml` all objects come at once, several of them as a List. */
function* printAll(
  session: Session,
  output: Output,
  printer: Printer,
  applied: readonly KubeObject[],
): Step<void> {
  if (printer.kind === 'other' || printer.kind === 'name' || applied.length === 0) return;
  const keep = session.flags.has('show-managed-fields');
  const items = applied.map((object) => sortKeys(keep ? object : withoutManagedFields(object)));
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: {} };
  yield* output.value(items.length === 1 ? items[0] : list);
}

function* optionsOf(session: Session): Step<ApplyOptions> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  yield* cascadeOf(session);
  if (flags.has('recursive') && flags.text('kustomize') !== '') {
    yield* fatal(session, "the -k flag can't be used with -f or -R");
  }
  if (flags.all('filename').length > 0 && flags.text('kustomize') !== '') {
    yield* fatal(session, 'only one of -f or -k can be specified');
  }
  if (flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    yield* fatal(session, 'must specify one of -f and -k');
  }
  const fieldValidation = yield* fieldValidationOf(session);
  const serverSide = flags.has('server-side');
  const force = flags.has('force');
  const refusals: readonly (readonly [boolean, string])[] = [
    [
      flags.has('force-conflicts') && !serverSide,
      '--force-conflicts only works with --server-side',
    ],
    [
      dryRun === 'client' && serverSide,
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    ],
    [serverSide && force, '--force cannot be used with --server-side'],
    [dryRun === 'server' && force, '--dry-run=server cannot be used with --force'],
    [
      flags.has('all') && flags.text('selector') !== '',
      'cannot set --all and --selector at the same time',
    ],
    [flags.has('prune') && force, '--force cannot be used with --prune'],
    [
      flags.has('prune') && !flags.has('all') && flags.text('selector') === '',
      'all resources selected for prune without explicitly passing --all. To prune all resources, ' +
        'pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    ],
    [
      flags.has('prune') && serverSide,
      "--prune is in alpha and doesn't currently work on objects created by server-side apply",
    ],
    [
      flags.text('subresource') !== '' && !serverSide,
      '--subresource can only be specified for --server-side',
    ],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  const manager = flags.text('field-manager');
  const fieldManager = serverSide && !flags.changed('field-manager') ? 'kubectl' : manager;
  return { dryRun, fieldValidation, serverSide, fieldManager };
}

export type Applied =
  { readonly object: KubeObject; readonly said: string } | { readonly problem: Problem };

const CONFLICT_HINT = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

export function* applyOnServer(
  session: Session,
  { info, object, namespace, name }: Found,
  { dryRun, fieldManager, fieldValidation }: ApplyOptions,
): Step<Applied> {
  const subresource = session.flags.get('subresource');
  const answer = yield* call(session, {
    verb: 'patch',
    patchType: 'apply',
    resource: info.resource,
    namespace,
    name,
    body: object,
    fieldManager,
    fieldValidation,
    force: session.flags.has('force-conflicts'),
    ...(subresource === 'status' && { subresource }),
    ...(dryRun === 'server' && { dryRun: true }),
  });
  if (answer.ok) return { object: answer.value, said: 'serverside-applied' };
  if (answer.failure.reason !== 'Conflict') return { problem: refused(answer.failure) };
  return { problem: problem(answer.failure.message + CONFLICT_HINT) };
}

export function* applyOne(session: Session, one: Found, options: ApplyOptions): Step<Applied> {
  const { info, namespace, name, source = '' } = one;
  const generated = one.object?.metadata.generateName;
  if (!name) {
    const why = generated ? `from ${generated}: cannot use generate name with apply` : '';
    const nameless = `error when retrieving current configuration of:\n${describeTarget(one)}`;
    const must = 'resource name may not be empty';
    return { problem: problem(why || `${nameless}\nfrom server for: ${goQuote(source)}: ${must}`) };
  }
  const place = { resource: info.resource, namespace, name };
  const wanted = wantedForm(one);
  const found = yield* call(session, { verb: 'get', ...place });
  const { dryRun, fieldManager, fieldValidation } = options;
  const write = {
    fieldManager,
    fieldValidation,
    ...(dryRun === 'server' && { dryRun: true }),
  };
  if (!found.ok) {
    if (found.failure.reason !== 'NotFound') {
      const doing = `retrieving current configuration of:\n${describeTarget(one)}\nfrom server for:`;
      return { problem: refused(found.failure, doing, source) };
    }
    const body = withoutNulls(wanted) as KubeObject;
    if (dryRun === 'client') return { object: body, said: 'created' };
    const { resource } = info;
    const made = yield* call(session, { verb: 'create', resource, namespace, body, ...write });
    if (!made.ok) return { problem: refused(made.failure, 'creating', source) };
    return { object: made.value, said: 'created' };
  }
  const live = found.value;
  yield* warnOfMissing(session, live);
  if (dryRun === 'client') return { object: live, said: 'configured' };
  const { patchType, body } = changeOf(wanted, live);
  if (isRefused(body)) {
    const doing = `creating patch with:\noriginal:\n`;
    return { problem: problem(`error when ${doing}${body.refused}`) };
  }
  const patch = body;
  if (Object.keys(patch).length === 0) return { object: live, said: 'unchanged' };
  const patched = yield* call(session, { verb: 'patch', patchType, ...place, body, ...write });
  if (patched.ok) {
    if (patched.value.metadata.deletionTimestamp !== undefined) {
      const what = `Detected changes to resource ${name} which is currently being deleted`;
      yield* printError(session, `Warning: ${what}.\n`);
    }
    return { object: patched.value, said: 'configured' };
  }
  if (session.flags.has('force') && ['Conflict', 'Invalid'].includes(patched.failure.reason)) {
    return yield* replaceByForce(session, one, wanted, options);
  }
  const applying = `applying patch:\n${goJson(sortKeys(patch))}\nto:\n${describeTarget(one)}\nfor:`;
  const inner = refused(patched.failure, 'patching', source).failure;
  return { problem: refused(inner ?? patched.failure, applying, source) };
}

/**
 * What is sent: a strategic merge patch for every kind that Go has a type for, a merge patch for
 * others.
 */
export function changeOf(
  wanted: KubeObject,
  live: KubeObject,
): { readonly patchType: PatchType; readonly body: Plain | Refused } {
  const definition = definitionOfKind(live.apiVersion, live.kind);
  const original = lastApplied(live);
  if (definition !== undefined && !isCustomResource(definition)) {
    return { patchType: 'strategic', body: strategicThreeWay(original, wanted, live) };
  }
  return { patchType: 'merge', body: diffPatch(live, mergeThreeWay(original, wanted, live)) };
}

/** Deletes what cannot be changed and makes it anew: `--force`. */
function* replaceByForce(
  session: Session,
  { info, namespace, name, source }: Found,
  wanted: KubeObject,
  { fieldManager, fieldValidation }: ApplyOptions,
): Step<Applied> {
  const place = { resource: info.resource, namespace, name };
  const propagationPolicy = yield* cascadeOf(session);
  yield* call(session, { verb: 'delete', ...place, propagationPolicy, gracePeriodSeconds: 0 });
  const endMs = (yield* now()) + 60_000;
  for (;;) {
    const left = yield* call(session, { verb: 'get', ...place });
    if (!left.ok || (yield* now()) > endMs) break;
    yield* sleepFor(1000);
  }
  const { resource } = info;
  const body = withoutNulls(wanted) as KubeObject;
  const asked = { resource, namespace, body, fieldManager, fieldValidation };
  const made = yield* call(session, { verb: 'create', ...asked });
  if (!made.ok) return { problem: refused(made.failure, 'creating', source) };
  return { object: made.value, said: 'configured' };
}

/** How messages tell which object a patch was for. */
export function describeTarget({ info, namespace, name }: Found): string {
  return (
    `Resource: "${groupVersionResource(info)}", GroupVersionKind: "${info.group}/` +
    `${info.version}, Kind=${info.kind}"\nName: "${name}", Namespace: "${namespace}"`
  );
}

/** The manifest with itself, as text, in an annotation: what the next apply compares with. */
export function wantedForm({ object, namespace }: Found): KubeObject {
  const metadata = { ...object!.metadata, ...(namespace && { namespace }) };
  const placed = { ...object!, metadata };
  return noteManifest(placed);
}

export function lastApplied(live: KubeObject): unknown {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function* warnOfMissing(session: Session, live: KubeObject): Step<void> {
  if (live.metadata.annotations?.[LAST_APPLIED] !== undefined) return;
  yield* printError(
    session,
    `Warning: resource ${objectName(live)} is missing the ${LAST_APPLIED} annotation which is ` +
      'required by kubectl apply. kubectl apply should only be used on resources created ' +
      'declaratively by either kubectl create --save-config or kubectl apply. The missing ' +
      'annotation will be patched automatically.\n',
  );
}

/** `deployments/web`: an object by its resource. */
function objectName({ apiVersion, kind, metadata }: KubeObject): string {
  const info = resourceByKind(apiVersion, kind);
  return `${info?.plural ?? kind.toLowerCase()}/${metadata.name}`;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field)]));
}
