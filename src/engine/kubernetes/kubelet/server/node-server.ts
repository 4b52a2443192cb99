import type { Waiter } from '../../../sim/process.ts';
import {
  kubeletService,
  type LogsRequest,
  type NodeAnswers,
  type NodeFailure,
  type NodeRequest,
  type PortForwardRequest,
} from '../../api/node-requests.ts';
import type { WaitingState } from '../../api/pod.ts';
import type { PodTable } from '../pod-table.ts';
import { workKey, type ContainerWork, type PodWork } from '../pod-worker-row.ts';
import { logs, type LogsArgs } from './logs.ts';
import { attach, exec, forward, input, type AttachArgs, type ExecArgs } from './processes.ts';
import { nodeUsage } from './stats.ts';

/**
 * The kubelets' own API (pkg/kubelet/server/server.go, pkg/kubelet/kubelet_pods.go
 * `validateContainerLogStatus`, v1.36): what the API server forwards from clients.
 */
export class NodeServer {
  readonly #pods: PodTable;

  constructor(pods: PodTable) {
    const { processes, cluster } = pods.world;
    this.#pods = pods;
    processes.program(`${pods.name}/logs`, logs);
    processes.program(`${pods.name}/exec`, exec);
    processes.program(`${pods.name}/attach`, attach);
    processes.program(`${pods.name}/input`, input);
    processes.program(`${pods.name}/forward`, forward);
    processes.service<NodeRequest>(kubeletService(cluster), (request, asker) =>
      this.answer(request, asker),
    );
  }

  /** The answer, or `LATER`; a stream of a request that fails is closed. */
  answer(request: NodeRequest, asker: Waiter): unknown {
    const answer = this.#answer(request, asker);
    if ('stream' in request && isFailure(answer)) {
      this.#pods.world.processes.streams.close(request.stream);
    }
    return answer;
  }

  #answer(request: NodeRequest, asker: Waiter): unknown {
    const { node } = request;
    const address = this.#pods.nodes.get(node);
    if (!address || this.#pods.world.isSilent(node)) {
      const at = `${address?.ip ?? node}:10250`;
      return failure(500, `dial tcp ${at}: connect: connection refused`);
    }
    if (request.op === 'stats') {
      const usage = nodeUsage(this.#pods, node);
      return { ok: true, usage } satisfies NodeAnswers['stats'];
    }
    const work = this.#pods.rows.get(workKey(node, request.uid));
    if (request.op === 'port-forward') return this.#forward(request, work, asker);
    const state = work?.containers[request.container];
    if (request.op === 'logs') return this.#logs(request, state, asker);
    if (state?.stage !== 'running' || state.id === undefined) {
      const { op, container, pod, namespace } = request;
      const whose = `container ${container} not found in pod ${pod}_${namespace}`;
      const why = op === 'attach' ? whose : `container not found ("${container}")`;
      return failure(404, `unable to upgrade connection: ${why}`);
    }
    return this.#process(request, state.id, asker);
  }

  #logs(request: LogsRequest, state: ContainerWork | undefined, asker: Waiter): unknown {
    const { pod, container, previous = false } = request;
    const { runtime } = this.#pods.world;
    const current = state?.stage === 'pulling' ? undefined : state?.id;
    const ended = state?.stage === 'idle' ? state.id : state?.previousId;
    // The instance before is the one that ended while its successor waits to start.
    const isWaiting = state?.stage === 'idle' && state.waiting.reason !== undefined;
    const before = isWaiting ? ended : state?.previousId;
    const id = previous ? before : current;
    // An evicted Pod's containers are gone; its status knows them still.
    const isKnown = state?.ended !== undefined && !previous;
    if (id === undefined || (!isKnown && !runtime.logs(request.node, id))) {
      const waiting = state?.waiting.reason ? state.waiting : this.#untouched(request);
      if (!previous) return failure(400, waitingWords(pod, container, waiting));
      const words = `previous terminated container "${container}" in pod "${pod}" not found`;
      return failure(400, words);
    }
    const { node, stream, tailLines, limitBytes, sinceMs, timestamps } = request;
    const args: LogsArgs = {
      ...{ node, id, stream },
      ...(request.follow && state?.stage === 'running' && { follow: true }),
      ...(tailLines !== undefined && { tailLines }),
      ...(limitBytes !== undefined && { limitBytes }),
      ...(sinceMs !== undefined && { sinceMs }),
      ...(timestamps && { timestamps }),
    };
    return this.#delegate(asker, 'logs', args);
  }

  /** What a container waits for that nothing has happened to. */
  #untouched({ node, uid }: LogsRequest): WaitingState {
    const work = this.#pods.rows.get(workKey(node, uid));
    const { initContainers = [] } = (work && this.#pods.podOf(work)?.spec) ?? {};
    return { reason: initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating' };
  }

  #process(
    request: Extract<NodeRequest, { op: 'exec' | 'attach' }>,
    id: string,
    asker: Waiter,
  ): unknown {
    const { node, stream, stdin, tty } = request;
    const inputProgram = `${this.#pods.name}/input`;
    const from = stdin === undefined ? {} : { stdin };
    if (request.op === 'attach') {
      const args: AttachArgs = { node, id, stream, inputProgram, ...from };
      return this.#delegate(asker, 'attach', args);
    }
    const { kernel } = this.#pods.world;
    const execId = kernel
      .random('kubelet', 'exec', id, kernel.now, asker.pid, asker.told)
      .text(64, '0123456789abcdef');
    const { argv } = request;
    const args: ExecArgs = { ...{ node, id, execId, argv, stream, inputProgram }, ...from };
    return this.#delegate(asker, 'exec', tty ? { ...args, tty } : args);
  }

  #forward(request: PortForwardRequest, work: PodWork | undefined, asker: Waiter): unknown {
    if (!work) return failure(404, `pod not found ("${request.pod}_${request.namespace}")`);
    const { node, port, uid, method, path, headers, body } = request;
    const args = {
      ...{ node, ip: work.ip, port, uid, method, path },
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    };
    return this.#delegate(asker, 'forward', args);
  }

  #delegate(asker: Waiter, program: string, args: object): unknown {
    return this.#pods.world.processes.delegate(asker, `${this.#pods.name}/${program}`, args);
  }
}

const failure = (code: number, message: string): NodeFailure => ({ ok: false, code, message });

const isFailure = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && (answer as { ok?: boolean }).ok === false;

function waitingWords(pod: string, container: string, waiting: WaitingState = {}): string {
  const { reason = 'ContainerCreating' } = waiting;
  const words: Readonly<Record<string, string>> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  return `container "${container}" in pod "${pod}" is waiting to start: ${words[reason] ?? reason}`;
}
