import { fatal } from '../../session.ts';
import { compact, creator, type Plain } from './creator.ts';

/** `kubectl create ingress` (kubectl/pkg/cmd/create/create_ingress.go, v1.36). */
const RULE = /^[\w*\-.]*\/.*=[\w-]+:[\w-]+(,tls=?[\w-]*)?/;

interface Tls {
  readonly hosts: string[];
  readonly secretName: string;
}

export const createIngress = creator({
  resource: 'ingresses',
  prefix: 'failed to create ingress: ',
  *check(session) {
    const { flags } = session;
    const backend = flags.text('default-backend');
    const rules = flags.all('rule');
    if (backend === '' && rules.length === 0) {
      yield* fatal(
        session,
        'not enough information provided: every ingress has to either specify a default-backend ' +
          '(which catches all traffic) or a list of rules (which catch specific paths)',
      );
    }
    const wrong = rules.find((rule) => !RULE.test(rule));
    if (wrong !== undefined) {
      const format = 'host/path=svcname:svcport[,tls[=secret]]';
      yield* fatal(session, `rule ${wrong} is invalid and should be in format ${format}`);
    }
    const annotation = flags.all('annotation').find((one) => !one.includes('='));
    if (annotation !== undefined) {
      const format = 'key=[value]';
      yield* fatal(
        session,
        `annotation ${annotation} is invalid and should be in format ${format}`,
      );
    }
    if (backend !== '' && backend.split(':').length !== 2) {
      yield* fatal(session, 'default-backend should be in format servicename:serviceport');
    }
  },
  *build({ flags }) {
    const rules = flags.all('rule');
    const annotations = Object.fromEntries(
      flags.all('annotation').map((one) => {
        const at = one.indexOf('=');
        return [one.slice(0, at), one.slice(at + 1)];
      }),
    );
    const backend = flags.text('default-backend');
    const tls = tlsOf(rules);
    const hosts = rulesOf(rules);
    const spec = compact({
      ingressClassName: flags.text('class') || undefined,
      defaultBackend: backend === '' ? undefined : backendOf(backend),
      tls: tls.length > 0 ? tls : undefined,
      rules: hosts.length > 0 ? hosts : undefined,
    });
    return { annotations, fields: { spec, status: { loadBalancer: {} } } };
  },
});

function backendOf(service: string): Plain {
  const [name = '', port = ''] = service.split(':');
  const number = /^[0-9]+$/.test(port);
  return { service: { name, port: number ? { number: Number(port) } : { name: port } } };
}

function pathOf(text: string): Plain {
  const [before = '', service = ''] = text.split('=');
  const path = `/${before}`;
  const prefix = path.endsWith('*');
  const plain = prefix ? path.slice(0, -1) : path;
  return { path: plain, pathType: prefix ? 'Prefix' : 'Exact', backend: backendOf(service) };
}

function rulesOf(rules: readonly string[]): Plain[] {
  const byHost = new Map<string, Plain[]>();
  for (const rule of rules) {
    const [text = ''] = rule.split(',');
    const slash = text.indexOf('/');
    const host = text.slice(0, slash);
    byHost.set(host, [...(byHost.get(host) ?? []), pathOf(text.slice(slash + 1))]);
  }
  return [...byHost].map(([host, paths]) => compact({ host: host || undefined, http: { paths } }));
}

/** The hosts of each secret; a host is taken once. */
function tlsOf(rules: readonly string[]): Plain[] {
  const found: Tls[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const parts = rule.split(',');
    if (parts.length !== 2) continue;
    const host = rule.slice(0, rule.indexOf('/'));
    const [, secretName = ''] = (parts[1] ?? '').split('=');
    if (seen.has(host)) continue;
    seen.add(host);
    const same = found.find((one) => one.secretName === secretName);
    if (same) same.hosts.push(host);
    else if (host !== '' || secretName !== '') {
      found.push({ hosts: host === '' ? [] : [host], secretName });
    }
  }
  return found.map(({ hosts, secretName }) =>
    compact({ hosts: hosts.length > 0 ? hosts : undefined, secretName: secretName || undefined }),
  );
}
