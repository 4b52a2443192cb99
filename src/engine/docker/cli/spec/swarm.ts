import type { CommandSpec } from './command-spec.ts';

/** Swarm of docker/cli v29.7; flags as `--help` shows them. */
export const SWARM: CommandSpec = {
  about: 'Manage Swarm',
  args: [0, 0],
  commands: {
    ca: {
      use: '[OPTIONS]',
      about: 'Display and rotate the root CA',
      args: [0, 0],
      flags: `
          --ca-cert pem-file          Path to the PEM-formatted root CA certificate to use for
                                      > the new cluster
          --ca-key pem-file           Path to the PEM-formatted root CA key to use for the new
                                      > cluster
          --cert-expiry duration      Validity period for node certificates (ns|us|ms|s|m|h)
                                      > (default 2160h0m0s)
      -d, --detach                    Exit immediately instead of waiting for the root
                                      > rotation to converge
          --external-ca external-ca   Specifications of one or more certificate signing
                                      > endpoints
      -q, --quiet                     Suppress progress output
          --rotate                    Rotate the swarm CA - if no certificate or key are
                                      > provided, new ones will be generated`,
    },
    init: {
      use: '[OPTIONS]',
      about: 'Initialize a swarm',
      args: [0, 0],
      flags: `
          --advertise-addr string                  Advertised address (format:
                                                   > "<ip|interface>[:port]")
          --autolock                               Enable manager autolocking (requiring an
                                                   > unlock key to start a stopped manager)
          --availability string                    Availability of the node ("active",
                                                   > "pause", "drain") (default "active")
          --cert-expiry duration                   Validity period for node certificates
                                                   > (ns|us|ms|s|m|h) (default 2160h0m0s)
          --data-path-addr string                  Address or interface to use for data path
                                                   > traffic (format: "<ip|interface>")
          --data-path-port uint32                  Port number to use for data path traffic
                                                   > (1024 - 49151). If no value is set or is
                                                   > set to 0, the default port (4789) is used.
          --default-addr-pool ipNetSlice           default address pool in CIDR format
                                                   > (default [])
          --default-addr-pool-mask-length uint32   default address pool subnet mask length
                                                   > (default 24)
          --dispatcher-heartbeat duration          Dispatcher heartbeat period
                                                   > (ns|us|ms|s|m|h) (default 5s)
          --external-ca external-ca                Specifications of one or more certificate
                                                   > signing endpoints
          --force-new-cluster                      Force create a new cluster from current state
          --listen-addr node-addr                  Listen address (format:
                                                   > "<ip|interface>[:port]") (default
                                                   > 0.0.0.0:2377)
          --max-snapshots uint                     Number of additional Raft snapshots to retain
          --snapshot-interval uint                 Number of log entries between Raft
                                                   > snapshots (default 10000)
          --task-history-limit int                 Task history retention limit (default 5)`,
    },
    join: {
      use: '[OPTIONS] HOST:PORT',
      about: 'Join a swarm as a node and/or manager',
      args: [1, 1],
      flags: `
          --advertise-addr string   Advertised address (format: "<ip|interface>[:port]")
          --availability string     Availability of the node ("active", "pause", "drain")
                                    > (default "active")
          --data-path-addr string   Address or interface to use for data path traffic (format:
                                    > "<ip|interface>")
          --listen-addr node-addr   Listen address (format: "<ip|interface>[:port]") (default
                                    > 0.0.0.0:2377)
          --token string            Token for entry into the swarm`,
    },
    'join-token': {
      use: '[OPTIONS] (worker|manager)',
      about: 'Manage join tokens',
      args: [1, 1],
      flags: `
      -q, --quiet    Only display token
          --rotate   Rotate join token`,
    },
    leave: {
      use: '[OPTIONS]',
      about: 'Leave the swarm',
      args: [0, 0],
      flags: `
      -f, --force   Force this node to leave the swarm, ignoring warnings`,
    },
    unlock: {
      about: 'Unlock swarm',
      args: [0, 0],
    },
    'unlock-key': {
      use: '[OPTIONS]',
      about: 'Manage the unlock key',
      args: [0, 0],
      flags: `
      -q, --quiet    Only display token
          --rotate   Rotate unlock key`,
    },
    update: {
      use: '[OPTIONS]',
      about: 'Update the swarm',
      args: [0, 0],
      flags: `
          --autolock                        Change manager autolocking setting (true|false)
          --cert-expiry duration            Validity period for node certificates
                                            > (ns|us|ms|s|m|h) (default 2160h0m0s)
          --dispatcher-heartbeat duration   Dispatcher heartbeat period (ns|us|ms|s|m|h)
                                            > (default 5s)
          --external-ca external-ca         Specifications of one or more certificate signing
                                            > endpoints
          --max-snapshots uint              Number of additional Raft snapshots to retain
          --snapshot-interval uint          Number of log entries between Raft snapshots
                                            > (default 10000)
          --task-history-limit int          Task history retention limit (default 5)`,
    },
  },
};
