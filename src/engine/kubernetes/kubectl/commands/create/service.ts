import { parseInteger, parseUnsigned } from '../../../../go/numbers.ts';
import { isRefused } from '../../../../go/refused.ts';
import { dnsSubdomain, portName, portNumber } from '../../../api/validation/names.ts';
import { fatal, type Session, type Step } from '../../session.ts';
import { compact, creator, type Plain } from './creator.ts';

/** `kubectl create service TYPE NAME` (kubectl/pkg/cmd/create/create_service.go, v1.36). */
export const createClusterIp = serviceOf('ClusterIP');
export const createNodePort = serviceOf('NodePort');
export const createLoadBalancer = serviceOf('LoadBalancer');
export const createExternalName = serviceOf('ExternalName');

function serviceOf(type: string): (session: Session) => Step<number> {
  return creator({
    resource: 'services',
    prefix: `failed to create ${type} service: `,
    *check(session) {
      const { flags } = session;
      const headless = flags.text('clusterip') === 'None';
      if (!headless && flags.all('tcp').length === 0 && type !== 'ExternalName') {
        yield* fatal(session, 'at least one tcp port specifier must be provided');
      }
      const host = flags.text('external-name');
      if (type === 'ExternalName' && dnsSubdomain(host).length > 0) {
        yield* fatal(session, `invalid service external name ${host}`);
      }
    },
    *build(session, name) {
      const { flags } = session;
      const nodePort = flags.number('node-port') || undefined;
      const ports: Plain[] = [];
      for (const text of flags.all('tcp')) {
        const [port, targetPort] = yield* portsOf(session, text);
        const portText = text.replaceAll(':', '-');
        ports.push(compact({ name: portText, protocol: 'TCP', port, targetPort, nodePort }));
      }
      const labels = { app: name };
      const spec = compact({
        ports: ports.length > 0 ? ports : undefined,
        selector: labels,
        clusterIP: flags.text('clusterip') || undefined,
        type,
        externalName: flags.text('external-name') || undefined,
      });
      return { labels, fields: { spec, status: { loadBalancer: {} } } };
    },
  });
}

/** `80`, `80:8080` or `80:http`. */
function* portsOf(session: Session, text: string): Step<[number, number | string]> {
  const [first = '', second] = text.split(':');
  const port = parseUnsigned(first, 16);
  if (isRefused(port)) return yield* fatal(session, port.refused);
  if (second === undefined) return [port, port];
  const target = parseInteger(second, { what: 'Atoi' });
  const name = isRefused(target) ? second : target;
  const errors = typeof name === 'string' ? portName(name) : portNumber(name);
  if (errors.length > 0) return yield* fatal(session, errors.join(','));
  return [port, name];
}
