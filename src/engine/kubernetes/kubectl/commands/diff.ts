import { apiVersionOf } from '../../api/resources.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { rfc3339 } from '../../../sim/clock.ts';
import { withoutManagedFields } from '../printers/printer.ts';
import { refused } from '../problems.ts';
import { call, check, fatal, misused, now, print, type Session, type Step } from '../session.ts';
import { checkAllowlist } from './prune.ts';
import { gather, labelSelectorOf, type Found } from '../targets.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import { mergeThreeWay } from '../three-way.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { writeYaml } from '../yaml/emit.ts';
import { lastApplied } from './apply.ts';

/**
 * `kubectl diff` (staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go, v1.36): what `apply` would
 * change. Exit code 1 tells that there are differences, 2 that something went wrong.
 *
 * Simplified: `KUBECTL_EXTERNAL_DIFF`, `--server-side` and `--prune` are not followed.
 */
export function* diff(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.all('filename').length === 0 && flags.text('kustomize') === '') {
    yield* fatal(session, 'must specify one of -f and -k', 2);
  }
  if (words.length > 0) yield* misused(session, `Unexpected args: [${words.join(' ')}]`, 2);
  if (flags.has('force-conflicts') && !flags.has('server-side')) {
    yield* fatal(session, '--force-conflicts only works with --server-side', 2);
  }
  if (flags.has('prune')) yield* checkAllowlist(session);
  const selector = yield* labelSelectorOf(session);
  const { found, problems } = yield* gather(session);
  // The first thing that is wrong ends it.
  yield* check(session, problems.slice(0, 1), 2);
  const changed: [string, string][] = [];
  for (const one of found) {
    if (selector && !selectorMatches(selector, one.object?.metadata.labels)) continue;
    const { live, merged } = yield* versionsOf(session, one);
    const text = unifiedDiff(
      textOf(session, live, merged, ' (before)'),
      textOf(session, merged, live, ' (after)'),
    );
    if (text !== '') changed.push([nameOf(one), text]);
  }
  changed.sort(([a], [b]) => (a < b ? -1 : 1));
  const nowMs = yield* now();
  const number = String(1_000_000_000 + (nowMs % 1_000_000_000));
  const moment = rfc3339(nowMs).replace('T', ' ').replace('Z', '.000000000 +0000');
  for (const [name, text] of changed) {
    const [from, to] = [`/tmp/LIVE-${number}/${name}`, `/tmp/MERGED-${number}/${name}`];
    const head = `diff -u -N ${from} ${to}\n--- ${from}\t${moment}\n+++ ${to}\t${moment}\n`;
    yield* print(session, head + text);
  }
  return changed.length > 0 ? 1 : 0;
}

interface Versions {
  readonly live?: KubeObject;
  readonly merged: KubeObject;
}

/** An object as it is, and as it would be: the server is asked to try. */
function* versionsOf(session: Session, one: Found): Step<Versions> {
  const { info, namespace, name, source = '' } = one;
  const { resource } = info;
  const found = yield* call(session, { verb: 'get', resource, namespace, name });
  // Without the annotation that `apply` would write: its change is not shown.
  const { object } = one;
  const wanted = {
    ...object!,
    metadata: { ...object!.metadata, ...(namespace && { namespace }) },
  };
  const tried = { fieldManager: session.flags.text('field-manager'), dryRun: true };
  if (!found.ok) {
    if (found.failure.reason !== 'NotFound') {
      yield* check(session, [refused(found.failure, 'retrieving', source)], 2);
    }
    const asked = { resource, namespace, body: wanted, ...tried };
    const made = yield* call(session, { verb: 'create', ...asked });
    if (made.ok) return { merged: made.value };
    yield* check(session, [refused(made.failure, 'creating', source)], 2);
    return { merged: wanted };
  }
  const live = found.value;
  const modified = { ...wanted, metadata: { annotations: {}, ...wanted.metadata } };
  const body = diffPatch(live, mergeThreeWay(lastApplied(live), modified, live));
  const place = { resource, namespace, name };
  const asked = { ...place, patchType: 'merge' as const, body, ...tried };
  const patched = yield* call(session, { verb: 'patch', ...asked });
  if (patched.ok) return { live, merged: patched.value };
  yield* check(session, [refused(patched.failure, 'patching', source)], 2);
  return { live, merged: live };
}

/** `apps.v1.Deployment.default.web`. */
function nameOf({ info, namespace, name }: Found): string {
  return [apiVersionOf(info).replace('/', '.'), info.kind, namespace, name].join('.');
}

function textOf(
  session: Session,
  object: KubeObject | undefined,
  other: KubeObject | undefined,
  mark: string,
): string {
  if (!object) return '';
  const shown = session.flags.has('show-managed-fields') ? object : withoutManagedFields(object);
  return writeYaml(sortKeys(masked(shown, other, mark)));
}

/** What a Secret holds is not shown, only whether it changes. */
function masked(object: KubeObject, other: KubeObject | undefined, mark: string): KubeObject {
  if (object.kind !== 'Secret') return object;
  const { data = {} } = object as KubeObject & { data?: Readonly<Record<string, string>> };
  const before = (other as { data?: Readonly<Record<string, string>> } | undefined)?.data ?? {};
  const hidden = Object.entries(data).map(([key, value]): [string, string] => [
    key,
    key in before && before[key] !== value ? `***${mark}` : '***',
  ]);
  return { ...object, data: Object.fromEntries(hidden) } as KubeObject;
}
