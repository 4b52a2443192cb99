import { dockerService } from '../../docker/api.ts';
import type {
  ContainerInspect,
  CreateAnswer,
  EngineRequest,
  EngineResponse,
  EventMessage,
  WaitAnswer,
} from '../../docker/api.ts';
import { parseReference } from '../../oci/reference.ts';
import { ask, read, sleep, start } from '../../sim/process.ts';
import { askAgent, type ContainerNeeds, type Step } from './agent-request.ts';
import { containerBody, imageOf } from './container-body.ts';
import type { TaskObject } from '../objects.ts';

/**
 * What an agent does to the container of a task, by the Engine API of its machine (moby/moby v29.7
 * `daemon/cluster/executor/container/controller.go`, `adapter.go`).
 */
export interface Failure {
  readonly err: string;
  readonly exitCode?: number;
}

/** Nothing went wrong. */
export type Outcome = Failure | undefined;

/** Others stop sending before a container is stopped (`defaultGossipConvergeDelay`). */
const CONVERGE_MS = 2_000;
const NS_PER_SECOND = 1_000_000_000;
const UNHEALTHY = 'dockerexec: unhealthy container';
const DESTROYED = 'dockerexec: container destroyed';

export class Controller {
  readonly #machine: string;
  readonly #task: TaskObject;
  /** Where events of the container arrive. */
  readonly #events: number;
  #listens: boolean;

  constructor(machine: string, task: TaskObject, events: number, listens = false) {
    this.#machine = machine;
    this.#task = task;
    this.#events = events;
    this.#listens = listens;
  }

  /** Whether events are written to the stream by now. */
  get listens(): boolean {
    return this.#listens;
  }

  #api<T>(request: EngineRequest): Step<EngineResponse<T>> {
    const headers = { 'user-agent': `agent/${this.#machine}` };
    return ask<EngineResponse<T>>(dockerService(this.#machine), { ...request, headers });
  }

  get #path(): string {
    return `/containers/${this.#task.name}`;
  }

  *inspect(): Step<ContainerInspect | undefined> {
    const answer = yield* this.#api<ContainerInspect>({
      method: 'GET',
      path: `${this.#path}/json`,
    });
    return failed(answer) ? undefined : answer.body;
  }

  /** Pulls the image, where it is not known by digest, and makes the container. */
  *prepare(): Step<Outcome> {
    const { id } = this.#task;
    const at = { machine: this.#machine, id };
    const needs = yield* askAgent<ContainerNeeds | string>({ op: 'needs', ...at });
    if (typeof needs === 'string') return { err: needs };
    const { spec, body } = needs;
    const pulled = yield* this.#pull(spec.Image);
    if (pulled) return pulled;
    const created = yield* this.#api<CreateAnswer>({
      method: 'POST',
      path: '/containers/create',
      query: { name: this.#task.name },
      body: containerBody(this.#task, spec, body),
    });
    const isThere = created.status === 409 && (yield* this.inspect()) !== undefined;
    if (failed(created) && !isThere) return { err: messageOf(created) };
    if (!failed(created)) yield* askAgent({ op: 'created', ...at, container: created.body.Id });
    return undefined;
  }

  *#pull(image: string): Step<Outcome> {
    const parsed = parseReference(image);
    if (!parsed.ok || parsed.reference.digest !== undefined) {
      if (yield* this.#hasImage(image)) return undefined;
    }
    const query = { fromImage: imageOf(image) };
    const answer = yield* this.#api({ method: 'POST', path: '/images/create', query });
    if (!failed(answer) || (yield* this.#hasImage(image))) return undefined;
    return { err: messageOf(answer) };
  }

  *#hasImage(image: string): Step<boolean> {
    const path = `/images/${imageOf(image)}/json`;
    return !failed(yield* this.#api({ method: 'GET', path }));
  }

  /** Starts the container; with a check, waits until it is healthy. */
  *start(): Step<Outcome> {
    const seen = yield* this.inspect();
    if (!seen) return { err: `No such container: ${this.#task.name}` };
    if (seen.State.Status === 'created') {
      const answer = yield* this.#api({ method: 'POST', path: `${this.#path}/start` });
      if (failed(answer)) return { err: `starting container failed: ${messageOf(answer)}` };
    }
    const ended = isChecked(seen) ? yield* this.#untilHealthy() : undefined;
    if (ended) return ended;
    const at = { machine: this.#machine, id: this.#task.id };
    yield* askAgent({ op: 'serving', ...at, container: seen.Id });
    return undefined;
  }

  *#untilHealthy(): Step<Outcome> {
    yield* this.#listen();
    const seen = yield* this.inspect();
    if (seen?.State.Health?.Status === 'healthy') return undefined;
    if (seen?.State.Running === false) return yield* this.#exit();
    return yield* this.#follow((action) => action === 'health_status: healthy');
  }

  /** Reads what happens until the container has ended, or `isEnough`. An unhealthy one is stopped. */
  *#follow(isEnough: (action: string) => boolean = () => false): Step<Outcome> {
    let cause: string | undefined;
    for (;;) {
      const chunks = yield* read<EventMessage>(this.#events);
      if (!chunks) return undefined;
      for (const { Action } of chunks) {
        if (isEnough(Action)) return undefined;
        if (Action === 'health_status: unhealthy') {
          cause = UNHEALTHY;
          yield* this.shutDown();
        }
        if (Action === 'die') return yield* this.#exit(cause);
        if (Action === 'destroy') return { err: DESTROYED };
      }
    }
  }

  /** From now on what happens to the container is written to the stream. */
  *#listen(): Step<void> {
    if (this.#listens) return;
    this.#listens = true;
    const stream = this.#events;
    const event = { health_status: true, die: true, destroy: true };
    const filters = JSON.stringify({ container: { [this.#task.name]: true }, event });
    const request = { method: 'GET', path: '/events', query: { filters }, stream } as const;
    yield* start('docker/request', { service: dockerService(this.#machine), request, stream });
    yield* sleep(0);
  }

  *#exit(cause?: string): Step<Outcome> {
    const seen = yield* this.inspect();
    return exitOf(seen?.State.ExitCode ?? 0, cause);
  }

  /** Waits until the container has ended; one that becomes unhealthy is stopped. */
  *wait(hasCheck: boolean): Step<Outcome> {
    if (hasCheck) return yield* this.#watch();
    const answer = yield* this.#api<WaitAnswer>({ method: 'POST', path: `${this.#path}/wait` });
    if (failed(answer)) return { err: messageOf(answer) };
    return exitOf(answer.body.StatusCode, answer.body.Error?.Message);
  }

  *isChecked(): Step<boolean> {
    const seen = yield* this.inspect();
    return seen !== undefined && isChecked(seen);
  }

  *#watch(): Step<Outcome> {
    yield* this.#listen();
    const seen = yield* this.inspect();
    if (!seen) return { err: `No such container: ${this.#task.name}` };
    if (!seen.State.Running) return yield* this.#exit();
    if (seen.State.Health?.Status !== 'unhealthy') return yield* this.#follow();
    yield* this.shutDown();
    return yield* this.#exit(UNHEALTHY);
  }

  /** Stops the container within its grace period. */
  *shutDown(): Step<Outcome> {
    const { id, spec, attachments } = this.#task;
    if (attachments.length > 0) {
      yield* askAgent({ op: 'draining', machine: this.#machine, id });
      yield* sleep(CONVERGE_MS);
    }
    const grace = spec.ContainerSpec.StopGracePeriod;
    const seconds = Math.floor((grace ?? 0) / NS_PER_SECOND);
    const query: Record<string, string> = grace === undefined ? {} : { t: String(seconds) };
    const answer = yield* this.#api({ method: 'POST', path: `${this.#path}/stop`, query });
    if (!failed(answer) || answer.status === 404) return undefined;
    return { err: messageOf(answer) };
  }

  *remove(): Step<void> {
    yield* this.shutDown();
    const query = { force: '1', v: '1' };
    yield* this.#api({ method: 'DELETE', path: this.#path, query });
    yield* askAgent({ op: 'removed', machine: this.#machine, id: this.#task.id });
  }
}

const failed = ({ status }: EngineResponse): boolean => status === 0 || status >= 400;

const messageOf = ({ body }: EngineResponse): string =>
  (body as { message?: string } | null)?.message ?? '';

function exitOf(exitCode: number, cause?: string): Outcome {
  if (exitCode === 0) return undefined;
  const why = cause === undefined || cause === '' ? '' : `: ${cause}`;
  return { err: `task: non-zero exit (${exitCode})${why}`, exitCode };
}

function isChecked({ Config }: ContainerInspect): boolean {
  const test = Config.Healthcheck?.Test ?? [];
  return test.length > 0 && test[0] !== 'NONE';
}
