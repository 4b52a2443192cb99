import type { ContainerInspect, EngineRequest, EventMessage, LogChunk } from '../docker/api.ts';
import { timeQuery } from '../docker/cli/commands/container-look.ts';
import type { Compose } from './compose.ts';
import { containersOf, isOf } from './containers.ts';
import { LABEL, ofProject } from './labels.ts';
import type { LogView } from './log-view.ts';
import { answerTo, listen, next, type Crew, type Strand } from './together.ts';

/**
 * Follows a project's containers by the daemon's events until none is left that runs (docker/compose
 * v5.5 `pkg/compose/monitor.go`).
 */
export interface ContainerNews {
  readonly is: 'started' | 'exited' | 'recreated';
  readonly id: string;
  readonly service: string;
  readonly source: string;
  readonly exitCode: number;
  /** It comes again by its restart policy. */
  readonly restarting: boolean;
}

export interface Watched {
  readonly compose: Compose;
  readonly project: string;
  /** None means all. */
  readonly services: readonly string[];
}

export function* monitor(
  { compose, project, services }: Watched,
  onNews: (news: ContainerNews) => Strand,
  hasEnded: { isOver: boolean } = { isOver: false },
): Strand {
  const isWatched = (name: string): boolean => services.length === 0 || services.includes(name);
  const label = { [ofProject(project)]: true, [`${LABEL.oneOff}=False`]: true };
  const filters = JSON.stringify({ type: { container: true }, label });
  const key = yield* listen({ method: 'GET', path: '/events', query: { filters } });
  const found = yield* containersOf(compose, project);
  const chosen = services.length === 0 ? found : found.filter(isOf(services));
  const left = new Set(chosen.map(({ Id }) => Id));
  const restarting = new Set<string>();
  while (left.size > 0 && !hasEnded.isOver) {
    const { chunks, answer } = yield* next<EventMessage>(key);
    for (const { Action, Actor } of chunks) {
      const { ID: id, Attributes } = Actor;
      const service = Attributes[LABEL.service] ?? '';
      if (!isWatched(service)) continue;
      const source = sourceOf(Attributes, project, compose.separator);
      const exitCode = Number(Attributes.exitCode ?? '0');
      const news = { id, service, source, exitCode };
      if (Action === 'create') {
        left.add(id);
        const replaced = Attributes[LABEL.replace];
        if (replaced !== undefined) {
          yield* onNews({ ...news, source: replaced, is: 'recreated', restarting: false });
        }
      } else if (Action === 'start') {
        left.add(id);
        yield* onNews({ ...news, is: 'started', restarting: restarting.has(id) });
      } else if (Action === 'die') {
        const comesBack = yield* isComingBack(id);
        if (comesBack) restarting.add(id);
        else left.delete(id);
        yield* onNews({ ...news, is: 'exited', restarting: comesBack });
      }
    }
    if (answer) return;
  }
}

function* isComingBack(id: string): Strand<boolean> {
  const request: EngineRequest = { method: 'GET', path: `/containers/${id}/json` };
  const { status, body } = yield* answerTo<ContainerInspect>(request);
  return status === 200 && (body.State.Restarting || body.State.Running);
}

function sourceOf(
  attributes: Readonly<Record<string, string>>,
  project: string,
  separator: string,
): string {
  const { name = '', [LABEL.service]: service = '', [LABEL.number]: number = '' } = attributes;
  const usual = [project, service, number].join(separator);
  return name === usual ? name.slice(project.length + 1) : name;
}

export interface LogWish {
  readonly id: string;
  /** What the view calls it. */
  readonly source: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Copies a container's log into the view until it ends. */
export function* followLogs(view: LogView, { id, source, query }: LogWish): Strand<number> {
  const path = `/containers/${id}/logs`;
  const key = yield* listen({ method: 'GET', path, query: { stdout: '1', stderr: '1', ...query } });
  return yield* copy(view, key, source, false);
}

/** Attaches to a container: what it says from now on, stderr apart. */
export function* attachLogs(view: LogView, crew: Crew, id: string, source: string): Strand {
  const query = { stream: '1', stdout: '1', stderr: '1' };
  const key = yield* listen({ method: 'POST', path: `/containers/${id}/attach`, query });
  crew.add(
    (function* () {
      yield* copy(view, key, source, true);
    })(),
  );
}

function* copy(view: LogView, key: number, source: string, apart: boolean): Strand<number> {
  for (;;) {
    const { chunks, answer } = yield* next<LogChunk>(key);
    for (const { stream, text } of chunks) {
      yield* view.write(source, text, apart && stream === 'stderr' ? 'err' : 'out');
    }
    if (!answer) continue;
    yield* view.flush(source);
    return answer.status;
  }
}

/** The log of a container since it was started last. */
export function* followStarted(view: LogView, { id, source, query }: LogWish): Strand {
  const request: EngineRequest = { method: 'GET', path: `/containers/${id}/json` };
  const { status, body } = yield* answerTo<ContainerInspect>(request);
  if (status !== 200) return;
  const since = timeQuery(body.State.StartedAt, 0) ?? '';
  yield* followLogs(view, { id, source, query: { ...query, follow: '1', since } });
}
