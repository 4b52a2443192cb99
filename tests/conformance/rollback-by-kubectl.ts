import { REVISION } from '../../src/engine/kubernetes/api/workloads.ts';
import { controllerReference } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { smallCluster } from '../kubernetes/small-cluster.ts';

/** What `kubectl rollout undo` makes of a Deployment with these revisions. */
export interface RollbackRow {
  readonly rsRevisions: readonly number[];
  readonly toRevision?: number;
  readonly paused?: boolean;
  readonly currentTemplateEqualsTarget?: boolean;
}

const labels = { app: 'foo' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image }] },
});

/** Sets up the history with the controllers stopped, so that nothing but kubectl acts. */
export function rollBack(row: RollbackRow): Record<string, unknown> {
  const { cluster, kernel, sh } = smallCluster();
  kernel.advance(kernel.now + 1000);
  cluster.components.set('kube-controller-manager', false);
  const client = cluster.client('test');
  const newest = Math.max(...row.rsRevisions);
  const target = row.toRevision || [...row.rsRevisions].sort((a, b) => b - a)[1];
  const current = row.currentTemplateEqualsTarget ? target : newest;
  const created = client.create('deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'foo', namespace: 'default' },
    spec: {
      replicas: 0,
      ...(row.paused && { paused: true }),
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate' },
      template: template(`web:${current}`),
    },
  });
  if (!created.ok) throw new Error(created.failure.message);
  for (const revision of row.rsRevisions) {
    const set = client.create('replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `foo-${revision}`,
        namespace: 'default',
        labels,
        annotations: { [REVISION]: String(revision) },
        ownerReferences: [controllerReference(created.value)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: template(`web:${revision}`),
      },
    });
    if (!set.ok) throw new Error(set.failure.message);
  }
  const { out, code } = sh(
    `kubectl rollout undo deployment/foo --to-revision=${row.toRevision ?? 0}`,
  );
  if (code !== 0) return { error: true };
  if (out.includes('skipped rollback')) return { skipped: true };
  const now = client.get('deployments', 'default', 'foo');
  const image = now?.spec.template.spec.containers[0]?.image ?? '';
  return { rolledBackTo: Number(image.split(':')[1]) };
}
