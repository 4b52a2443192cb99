import type {
  CreateBody,
  HostConfig,
  NetworkingConfig,
  NetworkSettings,
  PortSet,
  PortSummary,
} from '../api.ts';

/**
 * What the daemon's containers ask of its networks, and the other way round. `Networks`
 * implements it; a container is known by its full id from `add` to `remove`.
 */
export interface Memberships {
  /** At create, before anything is made: what is wrong with ports, names, addresses, extra hosts. */
  verify(machine: string, body: CreateBody): Refusal | undefined;
  /** Warnings of a create: links on the default bridge. */
  warnings(body: CreateBody): string[];
  /** At create: notes what the container wants. Nothing is allocated yet. */
  add(machine: string, member: NewMember): void;
  /** At each start, restarts included: addresses, names and ports are taken, all or none. */
  join(machine: string, id: string): Joined | Refusal;
  /** When the process has ended, or could not be started: what `join` took is given back. */
  leave(machine: string, id: string): void;
  rename(machine: string, id: string, name: string): void;
  /** At removal; leaves first if need be. */
  remove(machine: string, id: string): void;
  /** `NetworkSettings` of an inspect, and `Networks` of a summary. */
  settings(machine: string, id: string): NetworkSettings;
  /** `Ports` of a summary: those published, then those exposed only. */
  ports(machine: string, id: string): PortSummary[];
}

export interface NewMember {
  readonly id: string;
  /** Without the slash. */
  readonly name: string;
  readonly hostname: string;
  readonly domainname: string;
  readonly hostConfig: Partial<HostConfig>;
  /** Of the container's merged config: `{"80/tcp": {}}`. */
  readonly exposed: PortSet;
  readonly networking?: NetworkingConfig;
}

/** For containerd's `create`. */
export interface Joined {
  readonly ok: true;
  readonly ips: readonly { readonly ip: string; readonly private: true }[];
  /** /etc/hosts, /etc/hostname, /etc/resolv.conf. */
  readonly managed: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  /** What `Config.Hostname` is now: another container's, or the machine's. */
  readonly hostname: string;
}

/** No, in the daemon's words. */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly message: string;
}

/** What networks and volumes ask of containers. */
export interface ContainerLookup {
  /** By full id, name or an id's start, as moby's `GetContainer`; else its refusal. */
  lookup(machine: string, text: string): KnownContainer | Refusal;
}

export interface KnownContainer {
  readonly ok: true;
  readonly id: string;
  /** Without the slash. */
  readonly name: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
}

export const refuse = (status: number, message: string): Refusal => ({
  ok: false,
  status,
  message,
});
