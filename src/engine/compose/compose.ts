import { loadProject, type LoadOptions } from '../compose-file/load.ts';
import type { FileAnswer, FileSteps } from '../compose-file/files.ts';
import type { Separator } from '../compose-file/project/names.ts';
import type { Project } from '../compose-file/project.ts';
import type { EngineRequest } from '../docker/api.ts';
import type { Invocation, Step } from '../docker/cli/invocation.ts';
import type { Flags } from '../docker/cli/pflag.ts';
import { goQuote } from '../go/quote.ts';
import { readFile, stat } from '../machine/files.ts';
import { rfc3339 } from '../sim/clock.ts';
import { Failure, bodyOf } from './failure.ts';
import { isTerminal } from './terminal.ts';
import type { Progress } from './progress/progress.ts';

/** What a command of Compose works with. */
export class Compose {
  readonly call: Invocation;
  /** What stands before the command. */
  readonly global: Flags;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly progress: Progress;
  /** The shell's variables, and COMPOSE_… of `.env`. */
  readonly env: Readonly<Record<string, string>>;
  readonly #startMs: number;

  constructor(given: {
    call: Invocation;
    global: Flags;
    flags: Flags;
    args: readonly string[];
    progress: Progress;
    startMs: number;
  }) {
    this.call = given.call;
    this.global = given.global;
    this.flags = given.flags;
    this.args = given.args;
    this.progress = given.progress;
    this.env = given.call.line.env;
    this.#startMs = given.startMs;
  }

  get separator(): Separator {
    const { COMPOSE_COMPATIBILITY: wish = '' } = this.env;
    return this.global.has('compatibility') || isOn(wish) ? '_' : '-';
  }

  /** The daemon's answer to a request that changes nothing meanwhile; a refusal ends the command. */
  *ask<T>(request: EngineRequest): Step<T> {
    return bodyOf(yield* this.call.ask<T>(request));
  }

  get<T>(path: string, query: Readonly<Record<string, string>> = {}): Step<T> {
    return this.ask<T>({ method: 'GET', path, query });
  }

  /** As sirupsen/logrus v1.9 writes it: in columns on a terminal, else as fields. */
  *warn(text: string): Step<void> {
    const nowMs = yield* this.call.now();
    if (this.progress.mode === 'json') {
      const line = { level: 'warning', msg: text, time: rfc3339(nowMs) };
      return yield* this.call.err(`${JSON.stringify(line)}\n`);
    }
    if (!(yield* isTerminal(this.call.self.stderr))) {
      const time = rfc3339(nowMs);
      return yield* this.call.err(`time="${time}" level=warning msg=${goQuote(text)}\n`);
    }
    const seconds = String(Math.floor((nowMs - this.#startMs) / 1000)).padStart(4, '0');
    yield* this.call.err(`WARN[${seconds}] ${text.padEnd(44)} \n`);
  }

  loadOptions(more: Partial<LoadOptions> = {}): Step<LoadOptions> {
    return loadOptionsOf(this, more);
  }

  /** The project of the files; what is wrong with them ends the command before it did anything. */
  *project(more: Partial<LoadOptions> = {}): Step<Project> {
    const loaded = yield* this.files(loadProject(yield* this.loadOptions(more)));
    for (const text of loaded.warnings) yield* this.warn(text);
    if ('error' in loaded) throw new Failure(loaded.error);
    return loaded.project;
  }

  /** Answers what a loader wants to look at with the files of the machine. */
  *files<T>(steps: FileSteps<T>): Step<T> {
    let step = steps.next();
    while (!step.done) step = steps.next(yield* fileAt(this.call.line.machine, step.value));
    return step.value;
  }

  /** The project and its name; by `-p` alone there are no files, and labels must do. */
  *projectOrName(services: readonly string[] = []): Step<{ project?: Project; name: string }> {
    const given = this.global.text('project-name');
    if (this.global.all('file').length === 0 && given !== '') return { name: given.toLowerCase() };
    try {
      const project = yield* this.project({ services, skip: { environmentResolution: true } });
      return { project, name: project.name };
    } catch (problem) {
      const { COMPOSE_PROJECT_NAME: name = '' } = this.env;
      if (problem instanceof Failure && name !== '') return { name };
      throw problem;
    }
  }

  *projectName(): Step<string> {
    const given = this.global.text('project-name', this.env.COMPOSE_PROJECT_NAME ?? '');
    if (given !== '') return given.toLowerCase();
    return (yield* this.project({ skip: { environmentResolution: true } })).name;
  }
}

function* loadOptionsOf(compose: Compose, more: Partial<LoadOptions>): Step<LoadOptions> {
  const { global, call } = compose;
  const files = global.all('file');
  const directory = global.last('project-directory') ?? global.last('workdir');
  const name = global.last('project-name');
  return {
    cwd: call.line.cwd,
    environment: call.line.env,
    files,
    ...(files.includes('-') && { stdin: yield* call.readInput() }),
    ...(name !== undefined && { projectName: name }),
    ...(directory !== undefined && { projectDirectory: directory }),
    envFiles: global.all('env-file'),
    profiles: global.all('profile'),
    allResources: global.has('all-resources'),
    ...more,
  };
}

export const isOn = (text: string): boolean =>
  ['1', 't', 'true', 'y', 'yes'].includes(text.toLowerCase());

function* fileAt(machine: string, path: string): Step<FileAnswer> {
  const found = yield* stat(machine, path);
  if (!found) return undefined;
  if (found.type === 'dir') return { kind: 'directory' };
  const file = yield* readFile(machine, path);
  return file ? { kind: 'file', text: file.content } : undefined;
}
