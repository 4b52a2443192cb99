import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import { BOOTSTRAP } from './apiserver/backend.ts';
import type { ApiDoor } from './api/requests.ts';
import { Client } from './client/client.ts';
import { DisruptionController } from './controllers/disruption/disruption-controller.ts';
import { GarbageCollector } from './controllers/garbage-collector/garbage-collector.ts';
import { HorizontalPodAutoscalerController } from './controllers/horizontal-pod-autoscaler/horizontal-pod-autoscaler-controller.ts';
import { NamespaceController } from './controllers/namespace/namespace-controller.ts';
import { NodeLifecycleController } from './controllers/node-lifecycle/node-lifecycle-controller.ts';
import { PersistentVolumeBinderController } from './controllers/persistent-volume-binder/persistent-volume-binder-controller.ts';
import { PodGarbageCollector } from './controllers/pod-garbage-collector/pod-garbage-collector.ts';
import { ResourceQuotaController } from './controllers/resource-quota/resource-quota-controller.ts';
import { RootCaPublisher, rootCaMap } from './controllers/root-ca-publisher/root-ca-publisher.ts';
import {
  defaultAccount,
  ServiceAccountController,
} from './controllers/service-account/service-account-controller.ts';
import { ServiceLoadBalancerController } from './controllers/service-load-balancer/service-load-balancer-controller.ts';
import { TaintEvictionController } from './controllers/taint-eviction/taint-eviction-controller.ts';
import { TtlAfterFinishedController } from './controllers/ttl-after-finished/ttl-after-finished-controller.ts';
import {
  ClaimProtectionController,
  VolumeProtectionController,
} from './controllers/volume-protection/volume-protection-controller.ts';
import { EphemeralVolumeController } from './controllers/volume-provisioner/ephemeral-volume-controller.ts';
import { LocalPathProvisioner } from './controllers/volume-provisioner/local-path-provisioner.ts';
import { STANDARD_CLASS } from './controllers/volume-provisioner/local-path-volume.ts';
import { MetricsServer } from './metrics-server/metrics-server.ts';

/**
 * The controllers that look after the cluster itself rather than after one kind of workload: its
 * nodes, namespaces, volumes, budgets and quotas, what owners leave behind, and the size of what is
 * scaled by what it uses. They know nothing of one another.
 */
export class ClusterControllers {
  readonly metrics: MetricsServer;
  readonly #nodeLifecycle: NodeLifecycleController;
  readonly #kernel: Kernel;
  readonly #door: ApiDoor;
  readonly #cluster: string;

  constructor(kernel: Kernel, processes: Processes, door: ApiDoor, cluster: string) {
    this.#kernel = kernel;
    this.#door = door;
    this.#cluster = cluster;
    new GarbageCollector(kernel, door, cluster);
    new NamespaceController(kernel, door, cluster);
    new ServiceAccountController(kernel, door, cluster);
    new RootCaPublisher(kernel, door, cluster);
    this.#nodeLifecycle = new NodeLifecycleController(kernel, door, cluster);
    new TaintEvictionController(kernel, door, cluster);
    new PodGarbageCollector(kernel, door, cluster);
    new DisruptionController(kernel, door, cluster);
    new PersistentVolumeBinderController(kernel, door, cluster);
    new ClaimProtectionController(kernel, door, cluster);
    new VolumeProtectionController(kernel, door, cluster);
    new EphemeralVolumeController(kernel, door, cluster);
    new LocalPathProvisioner(kernel, door, cluster);
    new ResourceQuotaController(kernel, door, cluster);
    new TtlAfterFinishedController(kernel, door, cluster);
    new ServiceLoadBalancerController(kernel, door, cluster);
    new HorizontalPodAutoscalerController(kernel, door, cluster);
    this.metrics = new MetricsServer(kernel, processes, door, cluster);
  }

  /** Starts what goes by the clock, and declares what a new cluster has in its namespaces. */
  start(): void {
    const client = new Client(this.#kernel, this.#door, BOOTSTRAP);
    client.create('storageclasses', STANDARD_CLASS);
    for (const { metadata } of [...client.scan('namespaces')]) {
      client.create('serviceaccounts', defaultAccount(metadata.name));
      client.create('configmaps', rootCaMap(this.#kernel, this.#cluster, metadata.name));
    }
    this.#nodeLifecycle.start();
    this.metrics.start();
  }
}
