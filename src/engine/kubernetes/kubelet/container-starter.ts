import type { EventType } from '../../sim/kernel.ts';
import type { Container, Pod } from '../api/pod.ts';
import { goDuration } from '../apimachinery/duration.ts';
import { nextBackoff } from './backoff.ts';
import { containerConfig } from './container-config.ts';
import { failedStart } from './container-status.ts';
import { startWords, type RuntimeImage, type StartOutcome } from './cri.ts';
import type { Hooks } from './hooks.ts';
import { ImagePuller } from './image-puller.ts';
import { delayOf } from './pod-actions.ts';
import { nodeOf, type About, type Found, type PodTable } from './pod-table.ts';
import { NEW_CONTAINER, type ContainerWork, type PodWork } from './pod-worker-row.ts';
import type { PodVolumes } from './pod-volumes.ts';

/**
 * From a container that is to run to one that runs (pkg/kubelet/kuberuntime/
 * kuberuntime_container.go `startContainer`, kuberuntime_manager.go `doBackOff`, v1.36): its image,
 * its configuration, the container, its process, its postStart hook.
 */
export interface StarterParts {
  readonly pods: PodTable;
  readonly hooks: Hooks;
  readonly volumes: PodVolumes;
  /** It runs, and its hook is over: probes begin. */
  readonly runs: (about: About, container: Container) => void;
  /** A container has to be stopped that cannot go on. */
  readonly stop: (about: About, message: string) => void;
  /** Names the event with which the runtime says that a container has ended. */
  readonly exited: string;
}

/** Nothing holds a container back. */
const UNDELAYED = { crashBackoff: undefined, pullBackoff: undefined, againMs: undefined };

const HEX = '0123456789abcdef';

/** What could not be made is tried again after this long, and up to half as long more. */
const RETRY_MS = 10_000;
/** Model figure: from one container to the next. */
const NEXT_MS = 2;
/** How soon the kubelet looks again at what did not come to run (`genericPlegRelistPeriod`). */
const RELIST_MS = 1000;

export class ContainerStarter {
  readonly #parts: StarterParts;
  readonly #pods: PodTable;
  readonly #puller: ImagePuller;
  readonly #started: EventType<About & { answer: StartOutcome }>;

  constructor(parts: StarterParts) {
    const { pods } = parts;
    this.#parts = parts;
    this.#pods = pods;
    this.#puller = new ImagePuller(pods, {
      ready: (key, pod, container, image) => this.#create(key, pod, container, image),
      refuse: (key, pod, name, reason, message) => {
        pods.reports.warn(nodeOf(pod), pod, name, 'Failed', `Error: ${reason}`);
        this.#tryAgain(key, name, reason, message);
      },
    });
    this.#started = pods.world.kernel.event(`${pods.name}/started`, (news) => this.#note(news));
  }

  /** Takes the next step towards running; true when it is on its way and others have to wait. */
  advance(key: string, pod: Pod, container: Container): boolean {
    const { name } = container;
    const work = this.#pods.rows.need(key);
    const before = work.containers[name] ?? NEW_CONTAINER;
    if (before.stage !== 'idle') return true;
    // Delays are of the image that failed, not of another one.
    const isOther = before.image !== undefined && before.image !== container.image;
    const { image } = container;
    if (isOther) this.#pods.change(key, name, { ...UNDELAYED, image });
    const state = isOther ? { ...before, ...UNDELAYED, image } : before;
    const { now } = this.#pods.world.kernel;
    const delay = delayOf(state, now);
    if (delay.why !== 'nothing') {
      // Its end is seen first, and that it is held back with the look after that.
      const isFresh = delay.why === 'crash' && now - (state.ended?.finishedMs ?? 0) < RELIST_MS;
      if (isFresh) {
        this.#pods.requeue(key, work, RELIST_MS);
        return false;
      }
      this.#pods.requeue(key, work, delay.leftMs);
      if (delay.why === 'crash') this.#waitAfterCrash(key, pod, name, state);
      if (delay.why === 'pull') this.#puller.wait(key, pod, container);
      return false;
    }
    if (state.ended) {
      const crashBackoff = nextBackoff(state.crashBackoff, state.ended.finishedMs, now);
      this.#pods.change(key, name, { crashBackoff });
    }
    this.#puller.ensure(key, pod, container);
    return this.#pods.rows.need(key).containers[name]?.stage !== 'idle';
  }

  #waitAfterCrash(key: string, pod: Pod, name: string, { crashBackoff, waiting }: ContainerWork) {
    if (waiting.reason === 'CrashLoopBackOff') return;
    const { namespace, name: podName, uid } = this.#pods.rows.need(key);
    const delay = goDuration(crashBackoff?.delayMs ?? 0);
    const whose = `${podName}_${namespace}(${uid})`;
    const message = `back-off ${delay} restarting failed container=${name} pod=${whose}`;
    this.#pods.change(key, name, { waiting: { reason: 'CrashLoopBackOff', message } });
    const said = `Back-off restarting failed container ${name} in pod ${whose}`;
    this.#pods.reports.warn(nodeOf(pod), pod, name, 'BackOff', said);
  }

  #tryAgain(key: string, name: string, reason: string, message: string): void {
    const { kernel } = this.#pods.world;
    const work = this.#pods.rows.need(key);
    const jitter = kernel.random('kubelet', 'retry', work.uid, name, kernel.now);
    const leftMs = RETRY_MS + jitter.integer(0, RETRY_MS / 2);
    const againMs = kernel.now + leftMs;
    this.#pods.change(key, name, { stage: 'idle', waiting: { reason, message }, againMs });
    this.#pods.requeue(key, work, leftMs);
    this.#pods.report(key);
  }

  #create(key: string, pod: Pod, container: Container, image: RuntimeImage | undefined): void {
    const { runtime, kernel } = this.#pods.world;
    const work = this.#pods.rows.need(key);
    const { node, uid, ip } = work;
    const { name } = container;
    const state = work.containers[name] ?? NEW_CONTAINER;
    const { volumes } = this.#parts;
    const around = volumes.around(work);
    const attempt = state.restarts + (state.ended ? 1 : 0);
    const id = kernel.random('kubelet', uid, name, attempt, kernel.now).text(64, HEX);
    const about: About = { key, container: name, id };
    // While its Pod waits for another size it keeps the one it has.
    const keepsSize = work.resize?.pending !== undefined && state.resources !== undefined;
    const sized = keepsSize ? { ...container, resources: state.resources } : container;
    const config = containerConfig({
      ...{ id, pod, container: sized, around, ip, imageUser: image?.user ?? '' },
      exitEvent: { event: this.#parts.exited, payload: about },
      mounts: (lookUp) => volumes.mounts(pod, container, lookUp, around),
    });
    if ('problem' in config) {
      return this.#refuse(key, pod, name, 'CreateContainerConfigError', config.problem);
    }
    const why = runtime.create(node, config.container);
    if (why !== undefined) return this.#refuse(key, pod, name, 'CreateContainerError', why);
    // One instance before the present one is kept, for its log.
    if (state.previousId !== undefined) runtime.delete(node, state.previousId);
    const change: Partial<ContainerWork> = {
      stage: 'starting',
      id,
      previousId: state.id,
      restarts: attempt,
      image: container.image,
      resources: sized.resources,
      imageId: image?.id ?? '',
      againMs: undefined,
    };
    this.#pods.change(key, name, change, work);
    const record = this.#pods.reports.tell(node, pod, name, 'Created', 'Container created');
    const then = { event: this.#started.name, payload: about };
    kernel.because(record, () => runtime.start(node, id, then));
  }

  #refuse(key: string, pod: Pod, name: string, reason: string, why: string): void {
    this.#pods.reports.warn(nodeOf(pod), pod, name, 'Failed', `Error: ${why}`);
    this.#tryAgain(key, name, reason, why);
  }

  #note({ answer, ...about }: About & { answer: StartOutcome }): void {
    const found = this.#pods.findStart(about);
    if (found?.state.stage !== 'starting') return;
    const { pod, container } = found;
    const { key, container: name } = about;
    const { kernel } = this.#pods.world;
    if (!answer.ok) return this.#failStart(about, found, startWords(answer.message));
    const hook = container.lifecycle?.postStart;
    const change: Partial<ContainerWork> = {
      stage: hook ? 'hooked' : 'running',
      startedMs: kernel.now,
      waiting: NEW_CONTAINER.waiting,
      ready: !container.readinessProbe && !container.startupProbe,
      started: !container.startupProbe,
      probes: NEW_CONTAINER.probes,
      stop: undefined,
    };
    const work = this.#pods.change(key, name, change, found.work);
    if (work.ending) return this.#pods.requeue(key, work, 0);
    const { reports } = this.#pods;
    const record = reports.tell(nodeOf(pod), pod, name, 'Started', 'Container started');
    kernel.because(record, () => {
      if (!hook) return this.#begin(about, work, pod, container);
      this.#parts.hooks.run({ ...about, hook: 'postStart' }, hook, container, work);
    });
  }

  #failStart({ key, container: name, id }: About, found: Found, why: string): void {
    const { pod, work, state } = found;
    const { reports, world } = this.#pods;
    const { now } = world.kernel;
    reports.warn(nodeOf(pod), pod, name, 'Failed', `Error: ${why}`);
    this.#pods.change(key, name, {
      stage: 'idle',
      ended: failedStart(id, why, now),
      endedBefore: state.ended,
      waiting: { reason: 'RunContainerError', message: why },
    });
    this.#pods.report(key);
    this.#pods.requeue(key, work, RELIST_MS);
  }

  /** Its hook is over. */
  runs(about: About): void {
    const { key, container: name } = about;
    const found = this.#pods.findStart(about);
    if (!found || found.work.ending || found.state.stop) return;
    const { work, state, pod, container } = found;
    const isRunning = state.stage === 'running';
    const now = isRunning ? work : this.#pods.change(key, name, { stage: 'running' }, work);
    this.#begin(about, now, pod, container);
  }

  #begin(about: About, work: PodWork, pod: Pod, container: Container): void {
    this.#parts.runs(about, container);
    this.#pods.reportOf(work, pod);
    // The next container's turn may have come.
    if (hasMore(pod)) this.#pods.requeue(about.key, work, NEXT_MS);
  }

  /** A postStart hook that fails takes its container with it. */
  failHook(about: About): void {
    const { key, container: name } = about;
    const found = this.#pods.findStart(about);
    if (found?.state.stage !== 'hooked') return;
    const { reports } = this.#pods;
    const message = 'PostStartHook failed';
    reports.warn(nodeOf(found.pod), found.pod, name, 'FailedPostStartHook', message);
    this.#pods.change(key, name, { waiting: { reason: 'PostStartHookError', message } });
    this.#parts.stop(about, 'FailedPostStartHook');
  }
}

const hasMore = ({ spec }: Pod): boolean => {
  const { containers, initContainers = [] } = spec;
  return containers.length + initContainers.length > 1;
};
