import { ask, type Program } from '../../src/engine/sim/process.ts';
import type { NodeAnswers, NodeRequest } from '../../src/engine/kubernetes/api/node-requests.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodSpec,
} from '../../src/engine/kubernetes/api/pod.ts';
import type { Labels } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { smallCluster } from './small-cluster.ts';

interface Asked {
  readonly service: string;
  readonly body: unknown;
}

const asking: Program<Asked> = function* ({ service, body }) {
  return yield* ask(service, body);
};

/** A container of a Pod; a shell of a small image unless it says otherwise. */
export type ContainerOf = Partial<Container> & { readonly sh?: string };

const containerOf = ({ sh, ...rest }: ContainerOf, i: number): Container => ({
  name: i === 0 ? 'app' : `app-${i}`,
  image: 'alpine:3.22',
  ...(sh !== undefined && { command: ['sh', '-c', sh] }),
  ...rest,
});

const NO_STATUS: ContainerStatus = {
  ...{ name: '', ready: false, restartCount: 0, image: '', imageID: '' },
};

/** For tests: a small cluster whose Pods are made one by one, and looked at from all sides. */
export function podStories(seed = 7) {
  const small = smallCluster(seed);
  const { kernel, processes, cluster } = small;
  const client = cluster.client('test');
  const answers: unknown[] = [];
  processes.program('test/ask', asking);
  kernel.event<{ ending: { result?: unknown } }>('test/answered', ({ ending }) =>
    answers.push(ending.result),
  );
  const pod = (name: string): Pod => {
    const found = client.get('pods', 'default', name);
    if (!found) throw new Error(`no Pod ${name}`);
    return found;
  };
  const create = (
    name: string,
    containers: readonly ContainerOf[],
    spec: Partial<PodSpec> = {},
    labels: Labels = {},
  ): Pod => {
    const made = client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels },
      spec: { nodeName: 'node-1', containers: containers.map(containerOf), ...spec },
    });
    if (!made.ok) throw new Error(made.failure.message);
    return made.value;
  };
  /** What a kubelet answers, and what it wrote meanwhile. */
  const node = <Op extends NodeRequest['op']>(
    request: Extract<NodeRequest, { op: Op }>,
    limitMs = 60_000,
  ) => {
    const body = { service: 'kubelet/main', body: request };
    const before = answers.length;
    processes.spawn('test/ask', body, { then: { event: 'test/answered', payload: {} } });
    kernel.advanceUntil(() => answers.length > before, limitMs);
    const chunks = 'stream' in request ? processes.streams.take(request.stream) : [];
    const text = (chunks as { text: string }[]).map((chunk) => chunk.text).join('');
    return { answer: answers[before] as NodeAnswers[Op] | undefined, text };
  };
  const about = (name: string, container = 'app') => ({
    ...{ node: 'node-1', namespace: 'default', pod: name, uid: pod(name).metadata.uid },
    ...{ container, stream: processes.streams.open() },
  });
  return {
    ...small,
    client,
    door: cluster.api,
    pod,
    create,
    advance: (seconds: number) => kernel.advance(kernel.now + seconds * 1000),
    until: (done: () => boolean, seconds = 120) => kernel.advanceUntil(done, seconds * 1000),
    /** A container's status, wherever it stands. */
    status: (name: string, container = 'app') => {
      const { containerStatuses = [], initContainerStatuses = [] } = pod(name).status;
      const found = [...containerStatuses, ...initContainerStatuses].find(
        (one) => one.name === container,
      );
      return found ?? NO_STATUS;
    },
    condition: (name: string, type: string) =>
      pod(name).status.conditions?.find((one) => one.type === type),
    /** Events about a Pod, oldest first: `Reason: message`. */
    events: (name: string): string[] =>
      kernel.trace
        .of(`Pod default/${name}`)
        .filter(({ verb, actor }) => /^(report|warn)$/.test(verb) && actor.startsWith('kubelet'))
        .map(({ reason = '', message = '' }) => `${reason}: ${message}`),
    logs: (name: string, more: object = {}, container = 'app') =>
      node<'logs'>({ op: 'logs', ...about(name, container), ...more }),
    exec: (name: string, text: string, container = 'app') =>
      node<'exec'>({ op: 'exec', ...about(name, container), argv: ['sh', '-c', text] }),
    node,
    about,
  };
}
