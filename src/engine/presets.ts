/**
 * The worlds one can start from. Machines and what runs on them as data; `world.ts` builds them.
 */
export interface MachinePreset {
  readonly name: string;
  readonly ip: string;
  readonly docker?: boolean;
  /** A node of the cluster, with the range its Pods get their addresses from. */
  readonly node?: { readonly podCidr: string; readonly controlPlane?: boolean };
  /** Where people type. */
  readonly shell?: boolean;
}

export interface Preset {
  readonly machines: readonly MachinePreset[];
  readonly registries: readonly string[];
}

const WORKSTATION: MachinePreset = {
  name: 'workstation',
  ip: '192.168.10.2',
  docker: true,
  shell: true,
};

const REGISTRY = 'registry.local:5000';

function node(name: string, number: number, controlPlane = false): MachinePreset {
  return {
    name,
    ip: `192.168.10.${10 + number}`,
    node: { podCidr: `10.244.${number}.0/24`, ...(controlPlane && { controlPlane }) },
  };
}

export const presets: Readonly<Record<string, Preset>> = {
  /** One machine with Docker. */
  host: {
    machines: [{ name: 'host', ip: '192.168.10.2', docker: true, shell: true }],
    registries: [],
  },
  /** A control plane, three workers, a registry, and a workstation with docker and kubectl. */
  cluster: {
    machines: [
      WORKSTATION,
      node('control-1', 0, true),
      node('node-1', 1),
      node('node-2', 2),
      node('node-3', 3),
    ],
    registries: [REGISTRY],
  },
};
