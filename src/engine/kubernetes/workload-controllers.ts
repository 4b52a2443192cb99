import type { Kernel } from '../sim/kernel.ts';
import type { ApiDoor } from './api/requests.ts';
import { CronJobController } from './controllers/cronjob/cron-job-controller.ts';
import { DaemonSetController } from './controllers/daemonset/daemon-set-controller.ts';
import { DeploymentController } from './controllers/deployment/deployment-controller.ts';
import { JobController } from './controllers/job/job-controller.ts';
import { ReplicaSetController } from './controllers/replicaset/replica-set-controller.ts';
import { StatefulSetController } from './controllers/statefulset/stateful-set-controller.ts';

/** Puts the controllers of workloads together: what people declare becomes Pods. */
export function addWorkloadControllers(kernel: Kernel, door: ApiDoor, cluster: string): void {
  new DeploymentController(kernel, door, cluster);
  new ReplicaSetController(kernel, door, cluster);
  new StatefulSetController(kernel, door, cluster);
  new DaemonSetController(kernel, door, cluster);
  new JobController(kernel, door, cluster);
  new CronJobController(kernel, door, cluster);
}
