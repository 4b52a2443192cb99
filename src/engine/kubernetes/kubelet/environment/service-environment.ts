import type { Service } from '../../api/cluster-objects.ts';
import type { Client } from '../../client/client.ts';

/**
 * The variables that lead to Services (pkg/kubelet/envvars/envvars.go, pkg/kubelet/kubelet_pods.go
 * `getServiceEnvVarMap`, v1.36): those of the Pod's namespace that were there when the container
 * started, unless it wants no links, and always the API server's.
 */
type Variables = Readonly<Record<string, string>>;

const known = new WeakMap<Service, Variables>();

interface Made {
  readonly services: readonly Service[];
  readonly all: Variables;
}

/** What was made last for a namespace; used again as long as its Services are the same objects. */
const last = new Map<string, Made>();
const KNOWN_NAMESPACES = 1000;

export function serviceEnvironment(client: Client, namespace: string, links: boolean): Variables {
  const master = client.get('services', 'default', 'kubernetes');
  const services = master ? [master] : [];
  if (links) for (const service of client.scan('services', namespace)) services.push(service);
  const key = `${links} ${namespace}`;
  const before = last.get(key);
  const isSame =
    before?.services.length === services.length &&
    services.every((service, i) => before.services[i] === service);
  if (isSame) return before.all;
  const all: Record<string, string> = {};
  for (const service of services) Object.assign(all, variablesOf(service));
  if (last.size < KNOWN_NAMESPACES || before) last.set(key, { services, all });
  return all;
}

function variablesOf(service: Service): Variables {
  let variables = known.get(service);
  if (!variables) known.set(service, (variables = makeVariables(service)));
  return variables;
}

function makeVariables({ metadata, spec }: Service): Variables {
  const { clusterIP, ports = [] } = spec;
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return {};
  const name = nameOf(metadata.name);
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  const variables: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: clusterIP,
    [`${name}_SERVICE_PORT`]: String(first.port),
  };
  for (const port of ports) {
    if (port.name) variables[`${name}_SERVICE_PORT_${nameOf(port.name)}`] = String(port.port);
  }
  ports.forEach(({ port, protocol = 'TCP' }, i) => {
    const url = `${protocol.toLowerCase()}://${host}:${port}`;
    const prefix = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
    if (i === 0) variables[`${name}_PORT`] = url;
    variables[prefix] = url;
    variables[`${prefix}_PROTO`] = protocol.toLowerCase();
    variables[`${prefix}_PORT`] = String(port);
    variables[`${prefix}_ADDR`] = clusterIP;
  });
  return variables;
}

const nameOf = (name: string): string => name.replaceAll('-', '_').toUpperCase();
