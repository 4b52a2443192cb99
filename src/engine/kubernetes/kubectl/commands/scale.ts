import { canonicalQuantity } from '../../apimachinery/quantity.ts';
import { apiVersionOf } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { dryRunOf, saidOf, type DryRun } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { problem, type Problem } from '../problems.ts';
import {
  call,
  check,
  fail,
  fatal,
  now,
  sleepFor,
  TIMED_OUT,
  type Session,
  type Step,
} from '../session.ts';
import { gather, groupVersionResource, labelSelectorOf, type Found } from '../targets.ts';
import { compact, noteLastApplied } from './create/creator.ts';

/** `kubectl scale` and `kubectl autoscale` (kubectl/pkg/cmd/{scale,autoscale}, v1.36). */
interface ScaleObject extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

export function* scale(session: Session): Step<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const replicas = flags.number('replicas');
  if (replicas < 0) {
    const must = 'COUNT must be greater than or equal to 0';
    yield* fatal(session, `The --replicas=COUNT flag is required, and ${must}`);
  }
  if (flags.number('current-replicas') < -1) {
    yield* fatal(session, 'The --current-replicas must specify an integer of -1 or greater');
  }
  const selector = yield* labelSelectorOf(session);
  const { found, problems } = yield* gather(session, {
    fetch: true,
    all: flags.has('all'),
    ...(selector && { selector }),
  });
  yield* check(
    session,
    problems.filter(({ message }) => message.startsWith('the path')),
  );
  if (found.length === 0) {
    const why = problems.map(({ message }) => message).join(', ');
    yield* fatal(session, `no objects passed to scale ${why}`);
  }
  for (const one of found) {
    const object = yield* scaleOne(session, one, replicas, dryRun);
    yield* output.object(object, saidOf('scaled', dryRun));
  }
  yield* check(session, problems);
  return 0;
}

function* scaleOne(
  session: Session,
  one: Found,
  replicas: number,
  dryRun: DryRun,
): Step<KubeObject> {
  const { flags } = session;
  const { info, namespace, name, object } = one;
  const place = { resource: info.resource, namespace, name, subresource: 'scale' as const };
  const next = { ...object, spec: { ...(object as ScaleObject).spec, replicas } } as KubeObject;
  if (dryRun === 'client') return next;
  if (!info.subresources.includes('scale')) {
    const message = 'the server could not find the requested resource';
    yield* fail(session, { reason: 'NotFound', code: 404, message });
  }
  const current = flags.number('current-replicas');
  const version = flags.text('resource-version');
  let body: unknown = { spec: { replicas } };
  if (current !== -1 || version !== '') {
    const found = yield* call(session, { verb: 'get', ...place });
    if (!found.ok) return yield* fail(session, found.failure);
    const { spec, metadata } = found.value as ScaleObject;
    const actual = spec.replicas ?? 0;
    if (current !== -1 && actual !== current) {
      yield* fatal(session, `Expected replicas to be ${current}, was ${actual}`);
    }
    if (version !== '' && metadata.resourceVersion !== version) {
      const was = metadata.resourceVersion;
      yield* fatal(session, `Expected resource version to be ${version}, was ${was}`);
    }
    body = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { replicas } };
  }
  const answer = yield* call(session, {
    verb: 'patch',
    patchType: 'merge',
    ...place,
    body,
    fieldManager: 'kubectl',
    ...(dryRun === 'server' && { dryRun: true }),
  });
  if (!answer.ok) return yield* fail(session, answer.failure);
  const limitMs = flags.durationMs('timeout');
  if (limitMs > 0 && dryRun === 'none') yield* waitForSize(session, one, replicas, limitMs);
  return next;
}

/** Looks once a second whether as many Pods are there as were asked for. */
function* waitForSize(
  session: Session,
  { info, namespace, name }: Found,
  replicas: number,
  limitMs: number,
): Step<void> {
  const endMs = (yield* now()) + limitMs;
  for (;;) {
    const asked = { resource: info.resource, namespace, name, subresource: 'scale' as const };
    const answer = yield* call(session, { verb: 'get', ...asked });
    if (!answer.ok) return yield* fail(session, answer.failure);
    const { spec, status } = answer.value as ScaleObject & { status?: { replicas?: number } };
    if (spec.replicas !== replicas || (status?.replicas ?? 0) === replicas) return undefined;
    if ((yield* now()) >= endMs) return yield* fatal(session, TIMED_OUT);
    yield* sleepFor(1000);
  }
}

interface Metric {
  readonly type: 'Utilization' | 'AverageValue';
  readonly averageUtilization?: number;
  readonly averageValue?: string;
}

/** `70%`, `500m` or `500`, of CPU in thousandths and of memory in Mi. */
function metricOf(text: string, resource: 'cpu' | 'memory'): Metric | Problem {
  if (text.endsWith('%')) {
    const digits = text.slice(0, -1);
    if (!/^\d+$/.test(digits)) return problem(`invalid percentage value: ${digits}`);
    return { type: 'Utilization', averageUtilization: Number(digits) };
  }
  const unit = resource === 'cpu' ? 'm' : 'Mi';
  const whole = /^\d+(\.\d+)?$/.test(text) ? `${Number(text)}${unit}` : text;
  const averageValue = canonicalQuantity(whole);
  if (averageValue === undefined) return problem(`invalid resource ${resource} value: ${text}`);
  return { type: 'AverageValue', averageValue };
}

export function* autoscale(session: Session): Step<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  const [min, max] = [flags.number('min'), flags.number('max')];
  if (max < 1) {
    yield* fatal(session, `--max=MAXPODS is required and must be at least 1, max: ${max}`);
  }
  if (max < min) {
    const must = '--max=MAXPODS must be larger or equal to --min=MINPODS';
    yield* fatal(session, `${must}, max: ${max}, min: ${min}`);
  }
  const metrics = yield* metricsOf(session);
  const { found, problems } = yield* gather(session, { fetch: true });
  const failures: Problem[] = [...problems];
  for (const one of found) {
    const { info, name, namespace } = one;
    if (!info.subresources.includes('scale')) {
      const why = `could not find scale subresource for ${groupVersionResource(info)} in discovery information`;
      failures.push(problem(`cannot autoscale a ${info.kind}: ${why}`));
      continue;
    }
    const own = flags.text('name') || name;
    const placed = session.configuration.namespaceIsRequired && dryRun === 'client';
    const object = {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: compact({ name: own, namespace: placed ? namespace : undefined }),
      spec: compact({
        scaleTargetRef: { kind: info.kind, name, apiVersion: apiVersionOf(info) },
        minReplicas: min > 0 ? min : undefined,
        maxReplicas: max,
        metrics: metrics.length > 0 ? metrics : undefined,
      }),
      status: { desiredReplicas: 0, currentMetrics: null },
    } as unknown as KubeObject;
    const body = flags.has('save-config') ? noteLastApplied(object) : object;
    if (dryRun === 'client') {
      yield* output.object(body, saidOf('created', dryRun));
      continue;
    }
    const answer = yield* call(session, {
      verb: 'create',
      resource: 'horizontalpodautoscalers',
      namespace,
      body,
      fieldManager: flags.text('field-manager'),
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (!answer.ok) return yield* fail(session, answer.failure);
    yield* output.object(answer.value, saidOf('autoscaled', dryRun));
  }
  yield* check(session, failures);
  if (found.length === 0) yield* fatal(session, 'no objects passed to autoscale');
  return 0;
}

function* metricsOf(session: Session): Step<unknown[]> {
  const { flags } = session;
  const percent = flags.number('cpu-percent');
  const [cpu, memory] = [flags.text('cpu'), flags.text('memory')];
  if (percent > 0 && cpu !== '') {
    yield* fatal(session, '--cpu-percent and --cpu are mutually exclusive');
  }
  const metrics: unknown[] = [];
  const add = function* (name: 'cpu' | 'memory', text: string): Step<void> {
    const target = metricOf(text, name);
    if ('message' in target) return yield* check(session, [target]);
    metrics.push({ type: 'Resource', resource: { name, target } });
  };
  if (percent >= 0) yield* add('cpu', `${percent}%`);
  if (cpu !== '') yield* add('cpu', cpu);
  if (memory !== '') yield* add('memory', memory);
  return metrics;
}
