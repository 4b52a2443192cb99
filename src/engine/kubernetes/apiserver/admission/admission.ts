import type { ResourceName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { failed, type Result } from '../../apimachinery/status.ts';
import type { Backend } from '../backend.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { podPriority, priorityClass } from './priority.ts';
import { resourceQuota } from './resource-quota.ts';
import { serviceAccount } from './service-account.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { storageObjectInUse } from './storage-object-in-use.ts';
import { taintNewNode } from './taint-nodes.ts';
import { defaultTolerations } from './tolerations.ts';

/** The plugins that look at every namespaced object. */
const FIRST: readonly Plugin[] = [namespaceLifecycle];
const LAST: readonly Plugin[] = [resourceQuota];

/** Those that look at a kind. */
const OF_KIND: Readonly<Partial<Record<ResourceName, readonly Plugin[]>>> = {
  pods: [limitRanger, serviceAccount, podPriority, defaultTolerations],
  nodes: [taintNewNode],
  priorityclasses: [priorityClass],
  persistentvolumes: [storageObjectInUse],
  persistentvolumeclaims: [limitRanger, storageObjectInUse, defaultStorageClass],
  ingresses: [defaultIngressClass],
};

const NONE: readonly Plugin[] = [];

export type Admitted = Result<KubeObject> & { readonly commit?: () => void };

/**
 * Admission: what the server adds to an object or refuses about it, after it knows who asks and
 * before it writes. The plugins that kube-apiserver runs when nobody says otherwise, in its order
 * (pkg/kubeapiserver/options/plugins.go, v1.36).
 *
 * Simplified: no webhooks, no policies, no PodSecurity; what a plugin of them would say is not said.
 */
export function admit(backend: Backend, attributes: Attributes, object: KubeObject): Admitted {
  const { resource } = attributes.request;
  const commits: (() => void)[] = [];
  let current = object;
  for (const plugins of [FIRST, OF_KIND[resource] ?? NONE, LAST]) {
    for (const plugin of plugins) {
      const said = plugin(backend, attributes, current);
      if ('reason' in said && 'code' in said) return failed(said);
      if ('commit' in said) commits.push(said.commit);
      current = 'commit' in said ? said.object : said;
    }
  }
  if (commits.length === 0) return { ok: true, value: current };
  const commit = (): void => commits.forEach((write) => write());
  return { ok: true, value: current, commit };
}
