import type { Addresses } from '../../net/address.ts';
import type { Http } from '../../net/http.ts';
import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import type { PortMap } from '../api.ts';
import { refuse, type Memberships, type NewMember } from '../networks/membership.ts';
import { Ports } from '../ports.ts';
import type { PublishedPort } from '../publish.ts';
import type { Mounting } from '../volumes/mounting.ts';
import { rowKey } from './row.ts';

/** The default bridge alone, until networks of every kind are here. */
interface MemberRow extends NewMember {
  readonly machine: string;
  readonly ip?: string;
}

export class BridgeMemberships implements Memberships {
  readonly #rows: Table<string, MemberRow>;
  readonly #ports: Ports;
  readonly #addresses: Addresses;

  constructor(kernel: Kernel, rooms: { http: Http; addresses: Addresses }) {
    this.#rows = kernel.store.table<MemberRow>('docker/members');
    this.#ports = new Ports(kernel);
    this.#addresses = rooms.addresses;
    rooms.http.translator((from, to) => {
      const loopback = to.ip.startsWith('127.');
      const owner = rooms.addresses.at(to.ip)?.owner;
      const machine = loopback || owner === from.machine ? from.machine : owner;
      const published = machine === undefined ? undefined : this.#ports.at(machine, to);
      const ip = published && this.#rows.get(rowKey(machine ?? '', published.id))?.ip;
      return ip === undefined ? undefined : { ip, port: published?.port ?? 0, on: machine ?? '' };
    });
  }

  addMachine(machine: string): void {
    this.#addresses.addPool(`bridge/${machine}`, '172.17.0.0/16', machine);
  }

  verify = () => undefined;
  warnings = () => [];

  add(machine: string, member: NewMember): void {
    this.#rows.set(rowKey(machine, member.id), { ...member, machine });
  }

  join(machine: string, id: string) {
    const row = this.#rows.need(rowKey(machine, id));
    const problem = this.#ports.publish(machine, id, publishedPorts(row.hostConfig.PortBindings));
    const before = 'failed to set up container networking: ';
    if (problem !== undefined) {
      const on = `driver failed programming external connectivity on endpoint ${row.name} (${id})`;
      return refuse(500, `${before}${on}: ${problem}`);
    }
    const ip = this.#addresses.allocate(`bridge/${machine}`, { machine, owner: row.name });
    if (ip === undefined) return refuse(500, `${before}no available addresses on this pool`);
    this.#rows.set(rowKey(machine, id), { ...row, ip });
    const { hostname } = row;
    const ips = [{ ip, private: true as const }];
    return { ok: true as const, ips, managed: {}, hostNetwork: false, hostname };
  }

  leave(machine: string, id: string): void {
    const row = this.#rows.get(rowKey(machine, id));
    this.#ports.release(machine, id);
    if (row?.ip === undefined) return;
    this.#addresses.release(`bridge/${machine}`, row.ip);
    this.#rows.set(rowKey(machine, id), { ...row, ip: undefined });
  }

  rename(machine: string, id: string, name: string): void {
    this.#rows.update(rowKey(machine, id), (row) => ({ ...row, name }));
  }

  remove(machine: string, id: string): void {
    this.leave(machine, id);
    this.#rows.delete(rowKey(machine, id));
  }

  settings() {
    return { SandboxID: '', SandboxKey: '', Ports: {}, Networks: {} };
  }

  ports(machine: string, id: string) {
    const row = this.#rows.get(rowKey(machine, id));
    if (row?.ip === undefined) return [];
    return this.#ports.summary({ machine, id }, Object.keys(row.exposed));
  }
}

export const NO_MOUNTS: Mounting = {
  verify: () => undefined,
  add: () => undefined,
  mount: () => ({ ok: true, mounts: [] }),
  unmount: () => {},
  remove: () => {},
  points: () => [],
};

function publishedPorts(ports: PortMap | null | undefined): PublishedPort[] {
  return Object.entries(ports ?? {}).flatMap(([key, bindings]) => {
    const [port = '', protocol = 'tcp'] = key.split('/');
    return (bindings ?? []).map(({ HostIp = '', HostPort = '' }) => ({
      hostIp: HostIp,
      hostPort: Number(HostPort),
      port: Number(port),
      protocol,
    }));
  });
}
