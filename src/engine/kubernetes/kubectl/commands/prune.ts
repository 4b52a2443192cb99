import type { ResourceName } from '../../api/resources.ts';
import { infoOf, resourceByKind } from '../../api/resources.ts';
import { LAST_APPLIED } from '../../api/workloads.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { cascadeOf, saidOf, type DryRun } from '../options.ts';
import { wordOf } from '../printers/printer.ts';
import { refused } from '../problems.ts';
import { call, check, connect, fatal, list, print, type Session, type Step } from '../session.ts';
import { labelSelectorOf } from '../targets.ts';

/**
 * `kubectl apply --prune`: deletes what an earlier apply made and this one does not name
 * (kubectl/pkg/cmd/apply/prune.go, pkg/util/prune/prune.go, v1.36), of these resources.
 */
const PRUNED: readonly ResourceName[] = [
  ...(['configmaps', 'persistentvolumeclaims', 'pods', 'secrets', 'services'] as const),
  ...(['cronjobs', 'jobs', 'ingresses', 'daemonsets', 'deployments'] as const),
  ...(['replicasets', 'statefulsets', 'namespaces', 'persistentvolumes'] as const),
];

/** Ends when `--prune-allowlist` does not name resources. */
export function* checkAllowlist(session: Session): Step<void> {
  const listed = session.flags.all('prune-allowlist');
  for (const one of listed) {
    if (one.split('/').length === 3) continue;
    const form = 'please follow <group/version/kind>';
    yield* fatal(session, `invalid GroupVersionKind format: ${one}, ${form}`);
  }
  if (listed.length > 0) yield* connect(session);
}

export function* prune(
  session: Session,
  applied: readonly KubeObject[],
  dryRun: DryRun,
): Step<void> {
  const labelSelector = yield* labelSelectorOf(session);
  const kept = new Set(applied.map(({ metadata }) => metadata.uid));
  const namespaces = new Set(applied.map(({ metadata }) => metadata.namespace ?? ''));
  const propagationPolicy = yield* cascadeOf(session);
  for (const resource of PRUNED) {
    const places = infoOf(resource).namespaced ? [...namespaces].filter((one) => one !== '') : [''];
    for (const namespace of places) {
      const answer = yield* list(session, { resource, namespace, labelSelector });
      if (!answer.ok) {
        yield* check(session, [refused(answer.failure)]);
        continue;
      }
      for (const object of answer.value.items) {
        const { uid, name, annotations = {} } = object.metadata;
        if (kept.has(uid) || !(LAST_APPLIED in annotations)) continue;
        if (dryRun !== 'client') {
          const asked = { resource, namespace, name, propagationPolicy };
          const gone = yield* call(session, {
            verb: 'delete',
            ...asked,
            ...(dryRun === 'server' && { dryRun: true }),
          });
          if (!gone.ok) yield* check(session, [refused(gone.failure)]);
        }
        const named = resourceByKind(object.apiVersion, object.kind) ? wordOf(object) : name;
        yield* print(session, `${named} ${saidOf('pruned', dryRun)}\n`);
      }
    }
  }
}
