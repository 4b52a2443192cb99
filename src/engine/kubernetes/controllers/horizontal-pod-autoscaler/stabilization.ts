/**
 * Recommendations of the last minutes damp what a recommendation does
 * (pkg/controller/podautoscaler/horizontal.go `stabilizeRecommendation` and
 * `stabilizeRecommendationWithBehaviors`, v1.36). An old entry makes room for the new one, so the
 * list never grows beyond what a window holds.
 */
export interface Recommendation {
  readonly replicas: number;
  readonly timeMs: number;
}

export interface Stabilized {
  readonly replicas: number;
  readonly recommendations: readonly Recommendation[];
}

function remember(
  recommendations: readonly Recommendation[],
  replicas: number,
  nowMs: number,
  isOld: (recommendation: Recommendation) => boolean,
): readonly Recommendation[] {
  const next = { replicas, timeMs: nowMs };
  const last = recommendations.findLastIndex(isOld);
  if (last < 0) return [...recommendations, next];
  return recommendations.map((recommendation, i) => (i === last ? next : recommendation));
}

/** Without a behaviour: the largest recommendation of the window before `nowMs`. */
export function stabilizeDown(
  recommendations: readonly Recommendation[],
  desired: number,
  nowMs: number,
  windowMs: number,
): Stabilized {
  const isOld = ({ timeMs }: Recommendation): boolean => timeMs < nowMs - windowMs;
  const recent = recommendations.filter((recommendation) => !isOld(recommendation));
  return {
    replicas: recent.reduce((most, { replicas }) => Math.max(most, replicas), desired),
    recommendations: remember(recommendations, desired, nowMs, isOld),
  };
}

/**
 * With a behaviour: up to the smallest recommendation of the scale-up window at most, down to the
 * largest of the scale-down window at least; between the two the present size stays.
 */
export function stabilizeBoth(
  recommendations: readonly Recommendation[],
  size: { currentReplicas: number; desired: number },
  nowMs: number,
  windows: { upMs: number; downMs: number },
): Stabilized {
  let up = size.desired;
  let down = size.desired;
  for (const { replicas, timeMs } of recommendations) {
    if (timeMs > nowMs - windows.upMs) up = Math.min(replicas, up);
    if (timeMs > nowMs - windows.downMs) down = Math.max(replicas, down);
  }
  const isOld = ({ timeMs }: Recommendation): boolean =>
    timeMs < nowMs - windows.upMs && timeMs < nowMs - windows.downMs;
  return {
    replicas: Math.min(Math.max(size.currentReplicas, up), down),
    recommendations: remember(recommendations, size.desired, nowMs, isOld),
  };
}
