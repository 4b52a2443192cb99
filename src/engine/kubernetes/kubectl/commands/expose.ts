import { parseInteger } from '../../../go/numbers.ts';
import { isRefused } from '../../../go/refused.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { dryRunOf, saidOf, type DryRun } from '../options.ts';
import { podSelectorOf } from '../pods.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { problem, refused, type Problem } from '../problems.ts';
import { call, check, fatal, type Session, type Step } from '../session.ts';
import { gather, type Found } from '../targets.ts';
import { compact, noteLastApplied, type Plain } from './create/creator.ts';
import { pairsOf } from './run.ts';

/** `kubectl expose` (staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go, v1.36). */
const EXPOSED = ['pods', 'services', 'deployments', 'replicasets'];
const NAME_LIMIT = 63;

export function* expose(session: Session): Step<number> {
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const { found, problems } = yield* gather(session, {
    fetch: session.flags.all('filename').length === 0,
  });
  const failures: Problem[] = [...problems];
  for (const one of found) {
    if (!EXPOSED.includes(one.info.resource)) {
      const kind = `${one.info.kind}${one.info.group ? `.${one.info.group}` : ''}`;
      failures.push(problem(`cannot expose a ${kind}`));
      continue;
    }
    const service = yield* serviceOf(session, one, dryRun);
    if ('problem' in service) {
      failures.push(service.problem);
      continue;
    }
    if (dryRun === 'client') {
      yield* output.object(service.object, saidOf('exposed', dryRun));
      continue;
    }
    const { flags } = session;
    const answer = yield* call(session, {
      verb: 'create',
      resource: 'services',
      namespace: one.namespace,
      body: flags.has('save-config') ? noteLastApplied(service.object) : service.object,
      fieldManager: flags.text('field-manager'),
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (answer.ok) yield* output.object(answer.value, saidOf('exposed', dryRun));
    else failures.push(refused(answer.failure));
  }
  yield* check(session, failures);
  return 0;
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

/** The ports that an object's containers or the object itself declare. */
function portsOf(object: KubeObject): Port[] {
  const { spec } = object as KubeObject & {
    spec?: {
      ports?: readonly { port: number; protocol?: string }[];
      containers?: readonly Plain[];
      template?: { spec?: { containers?: readonly Plain[] } };
    };
  };
  if (object.kind === 'Service') {
    return (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  }
  const containers = spec?.containers ?? spec?.template?.spec?.containers ?? [];
  return containers.flatMap((container) => {
    const ports = (container.ports ?? []) as readonly {
      containerPort: number;
      protocol?: string;
    }[];
    return ports.map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol }));
  });
}

function selectorOf(object: KubeObject): Readonly<Record<string, string>> | undefined {
  if (object.kind === 'Pod') return object.metadata.labels;
  const { matchLabels, matchExpressions = [] } = podSelectorOf(object) ?? {};
  return matchExpressions.length > 0 ? undefined : matchLabels;
}

function* serviceOf(
  session: Session,
  { object, name, namespace }: Found,
  dryRun: DryRun,
): Step<{ object: KubeObject } | { problem: Problem }> {
  const { flags } = session;
  const given = flags.text('selector');
  const selector = given === '' ? selectorOf(object!) : yield* pairsOf(session, given, 'label');
  if (!selector || Object.keys(selector).length === 0) {
    const how = "couldn't retrieve selectors via --selector flag or introspection";
    return {
      problem: problem(
        `${how}: the ${object!.kind.toLowerCase()} has no labels and cannot be exposed`,
      ),
    };
  }
  const ports = yield* servicePorts(session, portsOf(object!));
  const headless = flags.text('cluster-ip') === 'None';
  if (ports.length === 0 && !headless) {
    return { problem: problem("couldn't find port via --port flag or introspection") };
  }
  const text = flags.text('labels');
  const labels = text === '' ? object!.metadata.labels : yield* pairsOf(session, text, 'label');
  const affinity = flags.text('session-affinity');
  if (!['', 'None', 'ClientIP'].includes(affinity)) {
    return { problem: problem(`unknown session affinity: ${affinity}`) };
  }
  const placed = dryRun === 'client' && session.configuration.namespaceIsRequired;
  const service = {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: compact({
      name: flags.text('name') || name.slice(0, NAME_LIMIT),
      namespace: placed ? namespace : undefined,
      labels,
    }),
    spec: compact({
      ports: ports.length > 0 ? ports : undefined,
      selector,
      clusterIP: flags.text('cluster-ip') || undefined,
      type: flags.text('type') || undefined,
      externalIPs: flags.text('external-ip') === '' ? undefined : [flags.text('external-ip')],
      sessionAffinity: affinity || undefined,
      loadBalancerIP:
        flags.text('type') === 'LoadBalancer'
          ? flags.text('load-balancer-ip') || undefined
          : undefined,
    }),
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
  return { object: service };
}

function* servicePorts(session: Session, own: readonly Port[]): Step<Plain[]> {
  const { flags } = session;
  const text = flags.text('port');
  const unique = [...new Set(own.map(({ port }) => String(port)))];
  const wanted = text === '' ? unique : text.split(',');
  const found: Plain[] = [];
  const target = flags.text('target-port');
  for (const [i, one] of wanted.entries()) {
    const port = parseInteger(one, { what: 'Atoi' });
    if (isRefused(port)) return yield* fatal(session, port.refused);
    const targetPort = target === '' ? port : /^\d+$/.test(target) ? Number(target) : target;
    const protocols = own.filter((each) => each.port === port).map(({ protocol }) => protocol);
    const chosen = flags.text('protocol');
    if (chosen === '' && protocols.length > 1) {
      for (const protocol of protocols) {
        const name = `port-${i + 1}-${protocol.toLowerCase()}`;
        found.push({ name, protocol, port, targetPort });
      }
      continue;
    }
    const protocol = chosen || (protocols[0] ?? 'TCP');
    const name = wanted.length > 1 ? `port-${i + 1}` : undefined;
    found.push(compact({ name, protocol, port, targetPort }));
  }
  return found;
}
