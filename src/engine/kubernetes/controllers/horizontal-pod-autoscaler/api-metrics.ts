import { parseRfc3339 } from '../../../sim/clock.ts';
import { parseGoDuration } from '../../apimachinery/duration.ts';
import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import { milliValue } from '../../apimachinery/quantity.ts';
import type { PodMetrics as PodMetricsObject } from '../../api/autoscaling.ts';
import type { Client } from '../../client/client.ts';
import type { PodMetric, PodMetrics } from './pod-groups.ts';
import type { MetricsSource } from './proposals.ts';
import { answer, noAnswer, type Answer } from './requests.ts';

/**
 * Metrics as the API serves them (pkg/controller/podautoscaler/metrics/client.go, v1.36).
 *
 * Simplified: nothing serves custom or external metrics, as in a cluster without an adapter.
 */
export function apiMetrics(
  client: Client,
  namespace: string,
  labelSelector: LabelSelector,
): MetricsSource {
  const custom =
    'unable to fetch metrics from custom metrics API: no custom metrics API ' +
    '(custom.metrics.k8s.io) registered';
  return {
    resource: (resource, container) => {
      const listed = client.list('pods.metrics.k8s.io', { namespace, labelSelector });
      if (!listed.ok) {
        const why = listed.failure.message;
        return noAnswer(`unable to fetch metrics from resource metrics API: ${why}`);
      }
      const { items } = listed.value;
      if (items.length === 0) return noAnswer('no metrics returned from resource metrics API');
      return container === ''
        ? answer(ofPods(items, resource))
        : ofContainers(items, resource, container);
    },
    pods: () => noAnswer(custom),
    object: () => noAnswer(custom),
    external: (metric) =>
      noAnswer(
        'unable to fetch metrics from external metrics API: the server could not find the ' +
          `requested resource (get ${metric}.external.metrics.k8s.io)`,
      ),
  };
}

const measured = ({ timestamp, window }: PodMetricsObject, value: number): PodMetric => ({
  timeMs: parseRfc3339(timestamp) ?? 0,
  windowMs: parseGoDuration(window) ?? 0,
  value,
});

/** Sums over containers; a Pod of which one has no figure has none. */
function ofPods(items: readonly PodMetricsObject[], resource: string): PodMetrics {
  const metrics = new Map<string, PodMetric>();
  for (const item of items) {
    const amounts = item.containers.map(({ usage }) => usage[resource]);
    if (amounts.length === 0 || amounts.includes(undefined)) continue;
    const sum = amounts.reduce<number>((total, amount) => total + milliValue(amount), 0);
    metrics.set(item.metadata.name, measured(item, sum));
  }
  return metrics;
}

function ofContainers(
  items: readonly PodMetricsObject[],
  resource: string,
  container: string,
): Answer<PodMetrics> {
  const metrics = new Map<string, PodMetric>();
  for (const item of items) {
    const { namespace = '', name } = item.metadata;
    const found = item.containers.find((one) => one.name === container);
    if (!found) {
      const where = `container ${container} not present in metrics for pod ${namespace}/${name}`;
      return noAnswer(`failed to get container metrics: ${where}`);
    }
    const amount = found.usage[resource];
    if (amount !== undefined) metrics.set(name, measured(item, milliValue(amount)));
  }
  return answer(metrics);
}
