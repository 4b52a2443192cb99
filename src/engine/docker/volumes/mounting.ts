import type { CreateBody, HostConfig, MountPoint, PortSet } from '../api.ts';
import type { Refusal } from '../networks/membership.ts';

/**
 * What the daemon's containers ask of its volumes. `Mounts` implements it; a container is known by
 * its full id from `add` to `remove`.
 */
export interface Mounting {
  /** At create, before anything is made: what is wrong with `HostConfig.Mounts` and tmpfs. */
  verify(machine: string, body: CreateBody): Refusal | undefined;
  /** At create: makes the volumes that are missing and fills new ones from the image. */
  add(machine: string, container: MountedContainer): Refusal | undefined;
  /** At each start: missing directories of binds are made. */
  mount(machine: string, id: string): Mounted | Refusal;
  /** When the process has ended. */
  unmount(machine: string, id: string): void;
  /** At removal. With `volumes` (`rm -v`, `--rm`) anonymous volumes nobody else uses go as well. */
  remove(machine: string, id: string, options: { readonly volumes: boolean }): void;
  /** `Mounts` of an inspect and of a summary. */
  points(machine: string, id: string): MountPoint[];
}

export interface MountedContainer {
  readonly id: string;
  readonly name: string;
  readonly hostConfig: Partial<HostConfig>;
  /** `Config.Volumes`, the image's included. */
  readonly volumes: PortSet | null;
  /** Of the image, whose files a new volume is filled with. */
  readonly chainId: string;
}

export interface Mounted {
  readonly ok: true;
  /** For containerd's `create`. */
  readonly mounts: readonly ContainerMount[];
}

/** One entry of containerd's `CreateContainer.mounts`. */
export interface ContainerMount {
  readonly target: string;
  readonly readOnly?: boolean;
  readonly source:
    | { readonly bind: string; readonly inMemory?: true }
    | { readonly tmpfs: number | undefined; readonly mode?: number };
}
