import type { HorizontalPodAutoscaler, MetricSpec, ScalingRules } from '../autoscaling.ts';
import { fillMissing, withFields } from './filling.ts';

/** HorizontalPodAutoscaler (pkg/apis/autoscaling/v2/defaults.go, v1.36). */
const DEFAULT_CPU_UTILIZATION = 80;

export const DEFAULT_METRICS: readonly MetricSpec[] = [
  {
    type: 'Resource',
    resource: {
      name: 'cpu',
      target: { type: 'Utilization', averageUtilization: DEFAULT_CPU_UTILIZATION },
    },
  },
];

const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** The window of scaling down stays open here: the controller has its own, 300 s. */
const SCALE_DOWN: ScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

/** A behavior is written out in full once there is any. */
export function autoscalerDefaults(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const spec = fillMissing(hpa.spec ?? {}, { minReplicas: 1 });
  const { metrics = [], behavior } = spec;
  return withFields(hpa, {
    spec: withFields(spec, {
      metrics: metrics.length === 0 ? DEFAULT_METRICS : metrics,
      behavior:
        behavior &&
        withFields(behavior, {
          scaleUp: fillMissing(behavior.scaleUp ?? {}, SCALE_UP),
          scaleDown: fillMissing(behavior.scaleDown ?? {}, SCALE_DOWN),
        }),
    }),
    status: fillMissing(hpa.status ?? {}, { desiredReplicas: 0 }),
  });
}
