import type { Waiter } from '../../sim/process.ts';
import type { NodeRequest } from '../api/node-requests.ts';
import type { Pod } from '../api/pod.ts';
import type { ApiRequest } from '../api/requests.ts';
import {
  badRequest,
  failed,
  internalError,
  notFound,
  type Result,
} from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';

/**
 * Requests that end at a kubelet: logs, exec, attach, port-forward, stats
 * (pkg/registry/core/pod/{strategy,rest/log,rest/subresources}.go, v1.36). The server finds the Pod,
 * the container and the node, and passes the rest on.
 */
export interface ConnectOptions {
  readonly container?: string;
  readonly [option: string]: unknown;
}

const OPERATIONS = {
  log: 'logs',
  exec: 'exec',
  attach: 'attach',
  portforward: 'port-forward',
} as const;

/** Whether a request goes on to a kubelet. */
export const isNodeRequest = ({ resource, subresource }: ApiRequest): boolean =>
  (resource === 'pods' && subresource !== undefined && subresource in OPERATIONS) ||
  (resource === 'nodes' && subresource === 'proxy');

/** The kubelet's answer, or a failure; later, when it comes by itself. */
export function connect(backend: Backend, request: ApiRequest, asker: Waiter): unknown {
  const found = backend.find(request);
  if (!found.ok) return found;
  const { nodes } = backend;
  if (!nodes) return failed(internalError('no kubelet can be reached'));
  if (request.resource === 'nodes') {
    return nodes({ op: 'stats', node: found.value.metadata.name }, asker);
  }
  const pod = found.value as Pod;
  const forwarded = nodeRequestFor(request, pod);
  // A Pod without a node has no log yet, and that is all there is to read.
  if (forwarded === 'nothing') return { ok: true };
  return forwarded.ok ? nodes(forwarded.value, asker) : forwarded;
}

function nodeRequestFor(request: ApiRequest, pod: Pod): Result<NodeRequest> | 'nothing' {
  const options = (request.body ?? {}) as ConnectOptions;
  const { subresource = 'log' } = request;
  const op = OPERATIONS[subresource as keyof typeof OPERATIONS];
  const { name, namespace = '', uid } = pod.metadata;
  const chosen = op === 'port-forward' ? '' : chooseContainer(pod, options.container);
  if (typeof chosen !== 'string') return chosen;
  const { nodeName } = pod.spec;
  if (!nodeName) {
    if (op === 'logs') return 'nothing';
    return failed(badRequest(`pod ${name} does not have a host assigned`));
  }
  if (op !== 'port-forward') {
    const waiting = op === 'logs' ? logRefusal(pod, chosen, options) : undefined;
    if (waiting) return failed(badRequest(waiting));
  }
  const { container: _, ...rest } = options;
  const place = { node: nodeName, namespace, pod: name, uid };
  const whole = { ...rest, op, ...place, ...(op !== 'port-forward' && { container: chosen }) };
  return { ok: true, value: whole as unknown as NodeRequest };
}

/** The container that is meant: the one named, or the only one. */
function chooseContainer(pod: Pod, wanted: string | undefined): string | Result<never> {
  const { name } = pod.metadata;
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  if (wanted) {
    if (all.some((one) => one.name === wanted)) return wanted;
    return failed(badRequest(`container ${wanted} is not valid for pod ${name}`));
  }
  const [only, other] = containers;
  if (only && !other) return only.name;
  const names = (list: readonly { readonly name: string }[]): string =>
    `[${list.map((one) => one.name).join(' ')}]`;
  const more =
    (initContainers.length > 0 ? ` or one of the init containers: ${names(initContainers)}` : '') +
    (ephemeralContainers.length > 0
      ? ` or one of the ephemeral containers: ${names(ephemeralContainers)}`
      : '');
  const why = `a container name must be specified for pod ${name}, choose one of: ${names(containers)}`;
  return containers.length === 0
    ? failed(notFound('containers', name))
    : failed(badRequest(why + more));
}

/** Why there is no log yet. */
function logRefusal(pod: Pod, container: string, { previous }: ConnectOptions): string | undefined {
  const { name } = pod.metadata;
  const statuses = [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.ephemeralContainerStatuses ?? []),
  ];
  const status = statuses.find((one) => one.name === container);
  const said = `container "${container}" in pod "${name}"`;
  if (!status) return `${said} is not available`;
  const { state = {}, lastState = {} } = status;
  if (previous) {
    return lastState.terminated ? undefined : `previous terminated ${said} not found`;
  }
  if (state.running ?? state.terminated ?? lastState.terminated) return undefined;
  const reason = state.waiting?.reason ?? 'ContainerCreating';
  if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
    return `${said} is waiting to start: ${reason === 'ErrImagePull' ? "image can't be pulled" : 'trying and failing to pull image'}`;
  }
  return `${said} is waiting to start: ${reason}`;
}
