/** Who a machine's daemon is in the trace: `docker/dev`, beside `containerd/dev`. */
export const daemonOn = (machine: string): string => `docker/${machine}`;
