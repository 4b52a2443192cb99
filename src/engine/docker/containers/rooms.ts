import type { Kernel } from '../../sim/kernel.ts';
import type { Processes } from '../../sim/processes.ts';
import type { Containerd } from '../../containerd/containerd.ts';
import type { MachineFiles } from '../../machine/files.ts';
import type { Events } from '../events.ts';
import type { Memberships } from '../networks/membership.ts';
import type { Mounting } from '../volumes/mounting.ts';

/** What the daemon's containers stand on. */
export interface ContainerRooms {
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly containerd: Containerd;
  readonly events: Events;
  readonly networks: Memberships;
  readonly mounts: Mounting;
  readonly files: MachineFiles;
}
