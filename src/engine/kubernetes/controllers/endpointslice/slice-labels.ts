import { SERVICE_NAME, type EndpointSlice, type Service } from '../../api/cluster-objects.ts';
import { sameValue } from '../../apimachinery/canonical-json.ts';

/**
 * A slice is labelled as its Service is, and says whose it is, who looks after it, and that the
 * Service has no address of its own (staging/src/k8s.io/endpointslice/utils.go
 * `setEndpointSliceLabels`, v1.36).
 */
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';

export type SliceLabels = Readonly<Record<string, string>>;

export function labelsFor({ metadata, spec }: Service): SliceLabels {
  const { [HEADLESS]: _own, ...labels } = metadata.labels ?? {};
  const isHeadless = !spec.clusterIP || spec.clusterIP === 'None';
  return {
    ...labels,
    ...(isHeadless && { [HEADLESS]: '' }),
    [SERVICE_NAME]: metadata.name,
    [MANAGED_BY]: MANAGER,
  };
}

const RESERVED: ReadonlySet<string> = new Set([HEADLESS, SERVICE_NAME, MANAGED_BY]);

/** Whether a slice has the labels; those that are not the Service's own are not looked at. */
export const hasLabels = ({ metadata }: EndpointSlice, labels: SliceLabels): boolean =>
  sameValue(own(metadata.labels ?? {}), own(labels));

const own = (labels: SliceLabels): SliceLabels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.has(key)));
