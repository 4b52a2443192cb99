import type { EndpointSlice, Service } from '../api/cluster-objects.ts';

/** Where connections to one port of a Service go. */
export interface Rule {
  /** `Service default/web`. */
  readonly service: string;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly ip: string;
  readonly port: number;
}

/**
 * The rules of a Service by `ip:port` (pkg/proxy/topology.go `CategorizeEndpoints`, v1.36): ready
 * endpoints; when none is ready, those that still serve while they terminate.
 */
export function rulesOf(service: Service, slices: readonly EndpointSlice[]): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  const { clusterIP, ports = [] } = service.spec;
  if (!clusterIP || clusterIP === 'None') return rules;
  const name = `Service ${service.metadata.namespace ?? ''}/${service.metadata.name}`;
  for (const { port, name: portName = '' } of ports) {
    const ready = targetsOf(slices, portName, ({ ready: yes }) => yes);
    const leaving = targetsOf(
      slices,
      portName,
      ({ serving, terminating }) => serving && terminating,
    );
    const targets = ready.length > 0 ? ready : leaving;
    rules.set(`${clusterIP}:${port}`, { service: name, targets });
  }
  return rules;
}

type Conditions = EndpointSlice['endpoints'][number]['conditions'];

function targetsOf(
  slices: readonly EndpointSlice[],
  portName: string,
  counts: (conditions: Conditions) => boolean,
): Target[] {
  return slices.flatMap(({ endpoints, ports }) => {
    const port = ports.find(({ name }) => name === portName)?.port;
    if (port === undefined) return [];
    return endpoints
      .filter(({ conditions }) => counts(conditions))
      .flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port })));
  });
}
