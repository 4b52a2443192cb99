import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Network of docker/cli v29.7; flags as `--help` shows them. */
export const NETWORK: CommandSpec = {
  about: 'Manage networks',
  args: [0, 0],
  commands: {
    connect: {
      use: '[OPTIONS] NETWORK CONTAINER',
      about: 'Connect a container to a network',
      args: [2, 2],
      flags: `
          --alias strings           Add network-scoped alias for the container
          --driver-opt strings      driver options for the network
          --gw-priority int         Highest gw-priority provides the default gateway. Accepts
                                    > positive and negative values.
          --ip ip                   IPv4 address (e.g., "172.30.100.104")
          --ip6 ip                  IPv6 address (e.g., "2001:db8::33")
          --link list               Add link to another container
          --link-local-ip ipSlice   Add a link-local address for the container (default [])`,
    },
    create: {
      use: '[OPTIONS] NETWORK',
      about: 'Create a network',
      args: [1, 1],
      flags: `
          --attachable            Enable manual container attachment
          --aux-address map       Auxiliary IPv4 or IPv6 addresses used by Network driver
                                  > (default map[])
          --config-from string    The network from which to copy the configuration
          --config-only           Create a configuration only network
      -d, --driver string         Driver to manage the Network (default "bridge")
          --gateway ipSlice       IPv4 or IPv6 Gateway for the master subnet (default [])
          --ingress               Create swarm routing-mesh network
          --internal              Restrict external access to the network
          --ip-range ipNetSlice   Allocate container ip from a sub-range (default [])
          --ipam-driver string    IP Address Management Driver (default "default")
          --ipam-opt map          Set IPAM driver specific options (default map[])
          --ipv4                  Enable or disable IPv4 address assignment (default true)
          --ipv6                  Enable or disable IPv6 address assignment
          --label list            Set metadata on a network
      -o, --opt map               Set driver specific options (default map[])
          --scope string          Control the network's scope
          --subnet strings        Subnet in CIDR format that represents a network segment`,
    },
    disconnect: {
      use: '[OPTIONS] NETWORK CONTAINER',
      about: 'Disconnect a container from a network',
      args: [2, 2],
      flags: `
      -f, --force   Force the container to disconnect from a network`,
    },
    inspect: {
      use: '[OPTIONS] NETWORK [NETWORK...]',
      about: 'Display detailed information on one or more networks',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}
      -v, --verbose         Verbose output for diagnostics`,
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List networks',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker network ls, docker network list',
      flags: `
      -f, --filter filter   Provide filter values (e.g. "driver=bridge")
          --format string   ${TABLE_FORMAT}
          --no-trunc        Do not truncate the output
      -q, --quiet           Only display network IDs`,
    },
    prune: {
      use: '[OPTIONS]',
      about: 'Remove all unused networks',
      args: [0, 0],
      flags: `
          --filter filter   Provide filter values (e.g. "until=<timestamp>")
      -f, --force           Do not prompt for confirmation`,
    },
    rm: {
      use: 'NETWORK [NETWORK...]',
      about: 'Remove one or more networks',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker network rm, docker network remove',
      flags: `
      -f, --force   Do not error if the network does not exist`,
    },
  },
};
