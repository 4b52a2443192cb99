import type { Project } from '../../compose-file/project.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { byName, containersOf, shortNameOf } from '../containers.ts';
import { startProject } from '../convergence/start.ts';
import { stopProject } from '../convergence/stop.ts';
import { Failure } from '../failure.ts';
import { isColoured, LogView } from '../log-view.ts';
import { attachLogs, followStarted, monitor, type ContainerNews } from '../monitor.ts';
import { WHOLE } from '../progress/resource.ts';
import { answerTo, Crew, pause, until, type Strand } from '../together.ts';
import { numberFlag } from './command.ts';

/**
 * `up` in the foreground: the logs of all, until Ctrl+C stops the containers, a second one kills
 * them, or none is left (docker/compose v5.5 `pkg/compose/up.go` runInteractiveUp).
 *
 * Simplified: there is no menu of shortcuts below the log.
 */
export function* attachedUp(
  compose: Compose,
  project: Project,
  attachTo: readonly string[],
): Step<number> {
  const session = new UpSession(compose, project, attachTo);
  return yield* session.run();
}

/** So long the events of containers that were stopped may take to come. */
const LAST_WORDS_MS = 100;

class UpSession {
  readonly #compose: Compose;
  readonly #project: Project;
  readonly #attachTo: readonly string[];
  readonly #crew: Crew;
  readonly #view: LogView;
  readonly #attached = new Set<string>();
  readonly #followed = new Set<string>();
  #isStopping = false;
  #wasInterrupted = false;
  #hasCascaded = false;
  #exitCode: number | undefined;

  constructor(compose: Compose, project: Project, attachTo: readonly string[]) {
    const { flags, call } = compose;
    this.#compose = compose;
    this.#project = project;
    this.#attachTo = attachTo;
    this.#crew = new Crew(call);
    const prefixed = !flags.has('no-log-prefix');
    this.#view = new LogView(compose, { prefixed, coloured: isColoured(compose) });
  }

  *run(): Step<number> {
    const { args } = this.#compose;
    const services = args.length > 0 ? args : this.#attachTo;
    const watched = { compose: this.#compose, project: this.#project.name, services };
    yield* this.#attach();
    this.#crew.add(this.#watch(watched));
    this.#crew.add(this.#start());
    yield* this.#crew.run({ onInterrupt: (count) => this.#interrupted(count) });
    return this.#wasInterrupted ? 130 : (this.#exitCode ?? 0);
  }

  *#attach(): Step<void> {
    const { compose, containers } = { compose: this.#compose, containers: this.#attachTo };
    if (containers.length === 0) return;
    const { name } = this.#project;
    const found = yield* containersOf(compose, name, { services: containers });
    const sources = found
      .sort(byName)
      .map((one) => ({ id: one.Id, source: shortNameOf(one, compose.separator) }));
    if (sources.length === 0) return;
    yield* compose.call.out(`Attaching to ${sources.map(({ source }) => source).join(', ')}\n`);
    for (const { id, source } of sources) {
      this.#view.register(source);
      this.#attached.add(id);
      this.#crew.add(attachLogs(this.#view, this.#crew, id, source));
    }
  }

  *#start(): Strand {
    try {
      yield* startProject(this.#compose, this.#crew, this.#project);
    } catch (problem) {
      // What fails because it is being stopped is no news.
      if (!(problem instanceof Failure) || !this.#isStopping) throw problem;
    }
  }

  /** When nothing is left to watch, all is over, logs that somebody else writes included. */
  *#watch(watched: Parameters<typeof monitor>[0]): Strand {
    yield* monitor(watched, (news) => this.#hear(news));
    // What they said last comes before the end.
    yield* until(() => !this.#isStopping);
    this.#crew.drop();
  }

  *#hear(news: ContainerNews): Strand {
    const { is, id, source, exitCode, restarting, service } = news;
    if (is === 'recreated') return yield* this.#view.status(source, 'has been recreated');
    if (is === 'started') {
      const isNew = !this.#attached.has(id) || restarting;
      if (!isNew || (this.#attachTo.length > 0 && !this.#attachTo.includes(service))) return;
      if (!this.#followed.has(id)) this.#crew.add(this.#follow(id, source));
      return;
    }
    const tail = restarting ? ' (restarting)' : '';
    yield* this.#view.flush(source);
    yield* this.#view.status(source, `exited with code ${exitCode}${tail}`);
    yield* this.#cascade(service, exitCode);
  }

  /** A log goes on when its container comes again: one reader is enough. */
  *#follow(id: string, source: string): Strand {
    this.#followed.add(id);
    yield* followStarted(this.#view, { id, source, query: {} });
    this.#followed.delete(id);
  }

  /** `--abort-on-container-exit` and its like. */
  *#cascade(service: string, exitCode: number): Strand {
    const { flags } = this.#compose;
    const from = flags.text('exit-code-from');
    const onFailure = flags.has('abort-on-container-failure');
    const onExit = flags.has('abort-on-container-exit') || (from !== '' && !onFailure);
    if (from !== '' && from === service) this.#exitCode ??= exitCode;
    if (this.#hasCascaded || !(onExit || (onFailure && exitCode !== 0))) return;
    this.#hasCascaded = true;
    this.#isStopping = true;
    if (from === '') this.#exitCode = exitCode;
    yield* this.#say('Aborting on container exit...');
    this.#crew.add(this.#stop());
  }

  *#say(details: string): Step<void> {
    const { progress } = this.#compose;
    yield* progress.on({ id: WHOLE, status: 'working', text: 'Stopping', details });
  }

  #interrupted(count: number): Strand | undefined {
    this.#wasInterrupted = true;
    if (count > 2) return undefined;
    return count === 1 ? this.#gracefully() : this.#kill();
  }

  *#gracefully(): Strand {
    yield* this.#say('Gracefully Stopping... press Ctrl+C again to force');
    yield* this.#stop();
  }

  *#stop(): Strand {
    this.#isStopping = true;
    const { args: services } = this.#compose;
    const timeout = numberFlag(this.#compose, 'timeout');
    const wish = { services, ...(timeout !== undefined && { timeout }) };
    yield* stopProject(this.#compose, this.#crew, this.#project, wish);
    this.#isStopping = false;
    yield* pause(LAST_WORDS_MS);
    this.#crew.drop();
  }

  *#kill(): Strand {
    const found = yield* containersOf(this.#compose, this.#project.name, { all: false });
    for (const { Id } of found) {
      yield* answerTo({ method: 'POST', path: `/containers/${Id}/kill` });
    }
    this.#crew.drop();
  }
}
